import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Caller, openApplication, type TestApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { LINK } from '../../test/harness/shop.ts'
import { startStripe } from '../../test/harness/stripe.ts'
import { until } from '../../test/harness/visitor.ts'
import { createStripeGateway } from '../cards/index.ts'
import { SIGN_INS } from '../demonstration/index.ts'
import { checkSentRefunds, sendRefund } from './send-refund.ts'
import { findRefund } from './store.ts'

const database = await testDatabase()
const stripe = await startStripe()
const cards = await createStripeGateway(stripe)
let app: TestApplication
let origin: string
let customer: Caller
let reseller: Caller

before(async () => {
  app = await openApplication(database, { cards })
  origin = await app.http.listen({ host: '127.0.0.1', port: 0 }).then(() => {
    const address = app.http.app.server.address()
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  })
  customer = app.caller()
  reseller = app.caller()
  await customer.signIn(SIGN_INS.customer)
  await reseller.signIn(SIGN_INS.reseller)
})

/** An order of 49.00, paid by card. */
async function paidByCard(): Promise<string> {
  const session = await customer.send('GET', '/api/v1/session')
  const { id } = (session.body as unknown as { account: { id: string } }).account
  const checkout = await customer.send('POST', '/api/v1/checkouts', { account_id: id, link: LINK.monthly })
  const placed = await customer.send('POST', `/api/v1/checkouts/${checkout.body['id']}/place`, {
    expected_total: { amount: '49.00', currency: 'USD' },
    accept_terms: true,
    allow_second: true,
  })
  const { payment } = placed.body as unknown as { payment: { id: string } }
  const page = await customer.send('POST', `/api/v1/payments/${payment.id}/card-sessions`, {})
  await stripe.deliver(origin, stripe.pay(String(page.body['url']).split('/').at(-1) ?? ''))
  const income = async () =>
    (
      await database.pool.query(`select from ledger_postings where kind = 'order_booked' and order_id = $1`, [
        placed.body['id'],
      ])
    ).rowCount
  await until(income, (count) => count === 1, { what: 'the order is booked' })
  return payment.id
}

const refund = (paymentId: string, body: object, headers = {}) =>
  reseller.send('POST', `/api/v1/payments/${paymentId}/refunds`, { method: 'card', ...body }, headers)
type Refunds = {
  items: { id: string; status: string; message: string }[]
  refundable: { amount: string }
  methods: string[]
}
const refundsOf = async (paymentId: string) =>
  (await reseller.send('GET', `/api/v1/payments/${paymentId}/refunds`)).body as unknown as Refunds
const settled = (paymentId: string, status: string) =>
  until(
    () => refundsOf(paymentId),
    ({ items }) => items[0]?.status === status,
    { what: `a refund that is ${status}` },
  )
const sentTo = () => stripe.refunds.map(({ amount }) => amount)
const ofKind = async (kind: string): Promise<bigint> => {
  const { rows } = await database.pool.query(
    'select sum(balance_minor)::bigint as sum from ledger_accounts where kind = $1',
    [kind],
  )
  return rows[0].sum ?? 0n
}

test('what was paid by card goes back to it, in parts, asked for twice once, and never more', async () => {
  const paymentId = await paidByCard()
  assert.deepEqual((await refundsOf(paymentId)).methods, ['balance', 'card', 'bank_transfer'])
  const before = await ofKind('gateway_clearing')
  const body = { amount: { amount: '20.00', currency: 'USD' }, reason: 'Too slow' }
  const key = { 'idempotency-key': 'once' }
  const [first, again] = [await refund(paymentId, body, key), await refund(paymentId, body, key)]
  assert.deepEqual([first.status, again.body], [201, first.body], first.text)
  await settled(paymentId, 'completed')
  const tooMuch = await refund(paymentId, { amount: { amount: '29.01', currency: 'USD' } })
  assert.deepEqual([tooMuch.status, tooMuch.body['code']], [422, 'amount_invalid'])
  await refund(paymentId, {})
  await until(
    () => refundsOf(paymentId),
    ({ items }) => items.every(({ status }) => status === 'completed'),
  )
  assert.deepEqual(sentTo(), [2000, 2900])
  assert.equal((await ofKind('gateway_clearing')) - before, -4900n)
  assert.equal(await ofKind('refunds'), 0n)
  assert.equal((await refundsOf(paymentId)).refundable.amount, '0.00')
  const payment = await customer.send('GET', `/api/v1/payments/${paymentId}`)
  assert.deepEqual(payment.body['refunded'], { amount: '49.00', currency: 'USD' })
  const notes = async () =>
    (await customer.send('GET', '/api/v1/invoices?kind=credit_note')).body['items'] as unknown as object[]
  await until(notes, (items) => items.length === 2, { what: 'two credit notes' })
})

test('sent again after a crash, though the gateway forgot the key, it is sent once', async () => {
  const paymentId = await paidByCard()
  await refund(paymentId, {})
  const { items } = await settled(paymentId, 'completed')
  const { rows } = await database.pool.query('select seller_id from refunds where id = $1', [items[0]?.id])
  const done = await findRefund(database.db, rows[0].seller_id, items[0]?.id ?? '')
  assert.ok(done)
  const count = stripe.refunds.length
  await sendRefund(database.db, app.clock, cards, { ...done, status: 'sending', gatewayId: null })
  assert.equal(stripe.refunds.length, count)
})

test('what the bank of the card refuses is on the balance, and said so', async () => {
  const paymentId = await paidByCard()
  stripe.refundStatus = 'failed'
  await refund(paymentId, {})
  const { items } = await settled(paymentId, 'to_balance')
  stripe.refundStatus = 'succeeded'
  assert.match(items[0]?.message ?? '', /refused/)
  assert.equal(await ofKind('refunds'), 0n)
})

test('one that is not certain yet is asked about until it is', async () => {
  const paymentId = await paidByCard()
  stripe.refundStatus = 'pending'
  await refund(paymentId, {})
  const last = () => stripe.refunds.at(-1)
  await until(
    async () => last()?.status,
    (status) => status === 'pending',
    { what: 'a refund under way' },
  )
  stripe.refundStatus = 'succeeded'
  Object.assign(last() ?? {}, { status: 'succeeded' })
  assert.equal((await refundsOf(paymentId)).items[0]?.status, 'sending')
  app.clock.advance(11 * 60_000)
  await checkSentRefunds(database.db, app.clock, app.parts.clocks.of, cards)
  assert.equal((await refundsOf(paymentId)).items[0]?.status, 'completed')
  const { body } = await reseller.send('GET', '/api/v1/ledger/verification')
  assert.deepEqual(body['problems'], [])
})

test('a customer gives nothing back, a stranger sees nothing', async () => {
  const paymentId = await paidByCard()
  const asked = await customer.send('POST', `/api/v1/payments/${paymentId}/refunds`, { method: 'balance' })
  assert.equal(asked.status, 403)
  assert.equal((await app.caller().send('GET', `/api/v1/payments/${paymentId}/refunds`)).status, 401)
})

test('in a sandbox it is asked about all the same, and is done at the sandbox’s time', async () => {
  const paymentId = await paidByCard()
  const { rows } = await database.pool.query('select seller_id as id from payments where id = $1', [paymentId])
  const then = new Date('2031-01-31T12:00:00Z')
  await database.pool.query(
    'insert into test_clocks (seller_id, now_at, target_at, created_at) values ($1, $2, $2, $2)',
    [rows[0].id, then],
  )
  await app.parts.clocks.refresh()
  stripe.refundStatus = 'pending'
  await refund(paymentId, {})
  const sent = async () =>
    (
      await database.pool.query('select status, gateway_id as "gatewayId" from refunds where payment_id = $1', [
        paymentId,
      ])
    ).rows[0]
  await until(sent, (it) => it?.gatewayId != null, { what: 'a refund that the gateway knows' })
  stripe.refundStatus = 'succeeded'
  Object.assign(stripe.refunds.at(-1) ?? {}, { status: 'succeeded' })
  await checkSentRefunds(database.db, app.clock, app.parts.clocks.of, cards)
  const { rows: done } = await database.pool.query(
    'select status, closed_at as closed, updated_at as updated from refunds where payment_id = $1',
    [paymentId],
  )
  assert.deepEqual(done, [{ status: 'completed', closed: then, updated: then }])
})
