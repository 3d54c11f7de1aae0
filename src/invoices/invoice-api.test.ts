import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { openMailbox } from '../../test/harness/mailbox.ts'
import { readPdf } from '../../test/harness/read-pdf.ts'
import { LINK } from '../../test/harness/shop.ts'
import { until } from '../../test/harness/visitor.ts'
import { SIGN_INS } from '../demonstration/index.ts'

const database = await testDatabase()
const mailbox = await openMailbox()
const app = await openApplication(database, {
  config: { publicUrl: 'http://localhost:8080', trustProxy: [], smtpUrl: mailbox.url, allowInternal: true },
})
const signIn = async (email: string) => {
  const caller = app.caller()
  assert.equal((await caller.signIn(email)).status, 201)
  return caller
}
const [customer, reseller] = [await signIn(SIGN_INS.customer), await signIn(SIGN_INS.reseller)]
const INVOICES = '/api/v1/invoices'

type Row = Readonly<Record<string, unknown>> & { readonly id: string; readonly number: string }
const itemsOf = async (path: string, caller = customer) =>
  (await caller.send('GET', path)).body['items'] as unknown as Row[]

async function placeOrder() {
  const session = await customer.send('GET', '/api/v1/session')
  const { account } = session.body as unknown as { account: { id: string } }
  const checkout = await customer.send('POST', '/api/v1/checkouts', { account_id: account.id, link: LINK.monthly })
  const placed = await customer.send('POST', `/api/v1/checkouts/${checkout.body['id']}/place`, {
    expected_total: { amount: '49.00', currency: 'USD' },
    accept_terms: true,
    allow_second: true,
  })
  const { payment, id } = placed.body as unknown as { payment: { id: string }; id: string }
  assert.ok(payment, placed.text)
  return { orderId: id, paymentId: payment.id }
}

async function orderAndPay(): Promise<string> {
  const placed = await placeOrder()
  const approved = await reseller.send('POST', `/api/v1/payments/${placed.paymentId}/approve`, {})
  assert.equal(approved.status, 200, approved.text)
  return placed.orderId
}

const orderId = await orderAndPay()
const [invoice] = await until(
  () => itemsOf(`${INVOICES}?order_id=${orderId}`),
  (items) => items.length > 0,
  { what: 'the invoice is issued' },
)
assert.ok(invoice)

test('an order that is paid is invoiced by itself, and the customer gets it by mail as PDF', async () => {
  assert.equal(invoice['status'], 'paid')
  const { mail } = await mailbox.received(SIGN_INS.customer, `Invoice ${invoice.number}`)
  assert.match(mail.html ?? '', new RegExp(`/client/invoices/${invoice.id}`))
  const [file, ...more] = mail.attachments
  assert.deepEqual([file?.filename, file?.mimeType, more.length], [`${invoice.number}.pdf`, 'application/pdf', 0])
  const { pages } = await readPdf(new Uint8Array(file?.content as ArrayBuffer))
  assert.match(pages.join(), /Contoso Dental/)
  assert.match(pages.join(), /49\.00 USD/)
})

test('it is read, printed and found by what it says', async () => {
  const read = await customer.send('GET', `${INVOICES}/${invoice.id}`)
  assert.equal(read.status, 200, read.text)
  const { lines, total } = read.body as unknown as { lines: { net: { amount: string } }[]; total: object }
  assert.deepEqual([lines[0]?.net.amount, total], ['49.00', { amount: '49.00', currency: 'USD' }])
  const pdf = await customer.send('GET', `${INVOICES}/${invoice.id}/pdf`)
  assert.deepEqual(
    [pdf.status, pdf.headers['content-type'], pdf.headers['content-disposition']],
    [200, 'application/pdf', `inline; filename="${invoice.number}.pdf"`],
  )
  assert.equal((await readPdf(pdf.bytes)).title, `Invoice ${invoice.number}`)
  const find = async (query: string) => (await itemsOf(`${INVOICES}?${query}`, reseller)).map(({ number }) => number)
  assert.deepEqual(await find(`query=${invoice.number}`), [invoice.number])
  assert.ok((await find('query=contoso&status=paid&kind=invoice')).includes(invoice.number))
  assert.deepEqual(await find('query=%25'), [])
  assert.deepEqual(await find('status=open'), [])
  assert.ok((await find('from=2026-03-01&until=2026-03-01')).includes(invoice.number))
  assert.deepEqual(await find('from=2026-03-02'), [])
})

test('pages of the list meet without gap', async () => {
  const all = await itemsOf(INVOICES, reseller)
  assert.ok(all.length >= 2)
  const first = await reseller.send('GET', `${INVOICES}?limit=1`)
  const next = await itemsOf(`${INVOICES}?limit=50&cursor=${String(first.body['next_cursor'])}`, reseller)
  assert.deepEqual([...(first.body['items'] as unknown as Row[]), ...next], all)
})

test('the exports have every document, as rows and as lines of JSON', async () => {
  const all = await itemsOf(INVOICES, reseller)
  const csv = await reseller.send('GET', `${INVOICES}.csv`)
  assert.match(String(csv.headers['content-type']), /^text\/csv/)
  const rows = csv.text.trim().split('\r\n')
  assert.equal(rows.length, all.length + 1)
  assert.ok(
    rows.some((row) => row.startsWith(`${invoice.number},invoice,2026-03-01,`) && row.includes(',49.00,0.00,49.00,')),
  )
  const jsonl = await reseller.send('GET', `${INVOICES}.jsonl?order_id=${orderId}`)
  const read = await reseller.send('GET', `${INVOICES}/${invoice.id}`)
  assert.deepEqual(
    jsonl.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    [read.body],
  )
})

test('what invoices say is set by the reseller, by version, and not by a customer', async () => {
  const settings = await reseller.send('GET', '/api/v1/invoice-settings')
  const { seller_id: _id, version, ...fields } = settings.body
  const put = (body: object, headers = {}, caller = reseller) =>
    caller.send('PUT', '/api/v1/invoice-settings', { ...fields, ...body }, headers)
  const saved = await put({ name: 'Northwind Cloud Inc.', country: 'US' }, { 'if-match': `"${String(version)}"` })
  assert.deepEqual([saved.status, saved.body['name']], [200, 'Northwind Cloud Inc.'], saved.text)
  assert.equal((await put({}, { 'if-match': `"${String(version)}"` })).status, 412)
  assert.equal((await put({ invoice_series: '{year}{year}' })).status, 400)
  assert.equal((await put({}, {}, customer)).status, 403)
  assert.equal((await customer.send('GET', '/api/v1/invoice-settings')).status, 404)
  assert.equal((await customer.send('GET', `${INVOICES}/${invoice.id}`)).body['number'], invoice.number)
})

test('what waits to be paid is a pro forma with amount, reference and bank, in parts too, until it is paid', async () => {
  const { paymentId } = await placeOrder()
  const path = `/api/v1/payments/${paymentId}/pro-forma`
  const payment = await customer.send('GET', `/api/v1/payments/${paymentId}`)
  const number = String(payment.body['number'])
  const read = async () => (await readPdf((await customer.send('GET', path)).bytes)).pages.join()
  assert.match(
    await read(),
    new RegExp(`Pro forma ${number}[^]*Backup Business[^]*49\\.00 USD with the reference ${number}`),
  )
  const part = { amount: { amount: '20.00', currency: 'USD' }, reference: 'Part' }
  await reseller.send('POST', `/api/v1/payments/${paymentId}/approve`, part)
  assert.match(await read(), /Arrived so far\s+20\.00 USD\s+To pay\s+29\.00 USD/)
  await reseller.send('POST', `/api/v1/payments/${paymentId}/approve`, {})
  assert.equal((await customer.send('GET', path)).status, 409)
  const session = await customer.send('GET', '/api/v1/session')
  const { account } = session.body as unknown as { account: { id: string } }
  const asked = { account_id: account.id, amount: { amount: '1234.00', currency: 'USD' } }
  const topUp = await customer.send('POST', '/api/v1/payments', asked)
  const pdf = await customer.send('GET', `/api/v1/payments/${topUp.body['id']}/pro-forma`)
  assert.match((await readPdf(pdf.bytes)).pages.join(), /Top-up of your balance[^]*1,234\.00 USD/)
})

test('nobody else sees it', async () => {
  assert.equal((await app.caller().send('GET', `${INVOICES}/${invoice.id}`)).status, 401)
  const operator = await signIn(SIGN_INS.operator)
  assert.equal((await operator.send('GET', `${INVOICES}/${invoice.id}/pdf`)).status, 200)
  const missing = await customer.send('GET', `${INVOICES}/019a0000-0000-7000-8000-000000000001/pdf`)
  assert.equal(missing.status, 404)
})
