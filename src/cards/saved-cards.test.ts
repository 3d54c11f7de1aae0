import assert from 'node:assert/strict'
import { before, beforeEach, test } from 'node:test'
import { type Caller, openApplication, type TestApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { startStripe, VISA } from '../../test/harness/stripe.ts'
import { until } from '../../test/harness/visitor.ts'
import { checkSilentSessions } from './watch-card-sessions.ts'
import { createStripeGateway } from './stripe-gateway.ts'

const database = await testDatabase()
const { pool } = database
const stripe = await startStripe()
const cards = await createStripeGateway(stripe)
let app: TestApplication
let origin: string
let customer: Caller
let operator: Caller
let accountId: string

before(async () => {
  app = await openApplication(database, { cards })
  await app.http.listen({ host: '127.0.0.1', port: 0 })
  const address = app.http.app.server.address()
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  customer = app.caller()
  operator = app.caller()
  const { body } = await customer.signIn('dana@contoso.example')
  await operator.signIn('operator@buylink.example')
  accountId = (body as unknown as { account: { id: string } }).account.id
})
beforeEach(async () => {
  stripe.card = VISA
  for (const { id } of await kept()) await customer.send('DELETE', `/api/v1/accounts/${accountId}/cards/${id}`)
})

interface Card {
  readonly id: string
  readonly brand: string
  readonly last4: string
  readonly is_default: boolean
}
const list = (path: string) => customer.send('GET', path).then(({ body }) => body['items'] as unknown as Card[])
const kept = () => list(`/api/v1/accounts/${accountId}/cards`)
const said = async () => (await kept()).map(({ last4, is_default }) => `${last4}${is_default ? ' charged' : ''}`)
const pageOf = (url: unknown): string => String(url).split('/').at(-1) ?? ''
const USD = (amount: string) => ({ amount, currency: 'USD' })

async function topUp(amount = '20.00'): Promise<string> {
  const { body, text } = await customer.send('POST', '/api/v1/payments', { account_id: accountId, amount: USD(amount) })
  assert.ok(body['id'], text)
  return body['id']
}
async function openSetup(): Promise<string> {
  const page = await customer.send('POST', `/api/v1/accounts/${accountId}/card-setups`, { agree: true })
  assert.equal(page.status, 201, page.text)
  return pageOf(page.body['url'])
}
/** Enters a card on the page for that, and lets the gateway tell of it. */
async function keep(card = VISA): Promise<string> {
  stripe.card = card
  const page = await openSetup()
  assert.equal((await stripe.deliver(origin, stripe.pay(page))).status, 200)
  return (await kept())[0]?.id ?? ''
}
const charge = (paymentId: string, body: object = {}) =>
  customer.send('POST', `/api/v1/payments/${paymentId}/card-charges`, body)
const statusOf = async (paymentId: string): Promise<string> =>
  (await pool.query('select status from payments where id = $1', [paymentId])).rows[0].status
const receiptsOf = async (paymentId: string): Promise<string[]> =>
  (
    await pool.query('select amount_minor::text as minor from payment_receipts where payment_id = $1', [paymentId])
  ).rows.map(({ minor }) => minor)
/** Intents that really moved money of a payment. */
const movedFor = (amount: number) =>
  [...stripe.intents.values()].filter((intent) => intent.amount === amount && intent.status === 'succeeded').length
async function assertBooks(): Promise<void> {
  assert.deepEqual((await operator.send('GET', '/api/v1/ledger/verification')).body['problems'], [])
}
let cents = 2001
/** A payment of an amount that no other has, so that what the gateway moved for it can be told apart. */
async function ownPayment() {
  const minor = cents++
  return { minor, id: await topUp(`${(minor / 100).toFixed(2)}`) }
}

test('a card is kept on the gateway’s page, once, however often that is told', async () => {
  const page = await openSetup()
  assert.equal(await openSetup(), page, 'while it is open, the same page')
  const told = stripe.pay(page)
  await Promise.all(Array.from({ length: 5 }, () => stripe.deliver(origin, told)))
  assert.equal((await customer.send('POST', `/api/v1/accounts/${accountId}/card-setups/check`, {})).status, 204)
  assert.deepEqual(await said(), ['4242 charged'])
  const { rows } = await pool.query(`select to_jsonb(c)::text as row from saved_cards c where account_id = $1`, [
    accountId,
  ])
  for (const { row } of rows) assert.doesNotMatch(row, /424242/)
})

test('without consent nothing is kept: neither by a payment nor by a page', async () => {
  const refused = await customer.send('POST', `/api/v1/accounts/${accountId}/card-setups`, {})
  assert.equal(refused.status, 400)
  const id = await topUp()
  const page = await customer.send('POST', `/api/v1/payments/${id}/card-sessions`, {})
  await stripe.deliver(origin, stripe.pay(pageOf(page.body['url'])))
  assert.equal(await statusOf(id), 'completed')
  assert.deepEqual(await said(), [])
})

test('with consent the card of a payment is kept, and the page is another one than without', async () => {
  const id = await topUp()
  const without = await customer.send('POST', `/api/v1/payments/${id}/card-sessions`, {})
  const page = await customer.send('POST', `/api/v1/payments/${id}/card-sessions`, { save_card: true })
  assert.equal(page.status, 201, page.text)
  assert.notEqual(page.body['url'], without.body['url'])
  stripe.pay(pageOf(page.body['url']))
  assert.equal((await customer.send('POST', `/api/v1/payments/${id}/card-sessions/check`, {})).status, 204)
  assert.equal(await statusOf(id), 'completed')
  assert.deepEqual(await said(), ['4242 charged'])
})

test('the card kept last is charged; another can be made so; one that is removed is forgotten by the gateway too', async () => {
  const first = await keep()
  const second = await keep({ ...VISA, last4: '4444', brand: 'mastercard', fingerprint: 'fp_mc' })
  assert.deepEqual(await said(), ['4444 charged', '4242'])
  await customer.send('POST', `/api/v1/accounts/${accountId}/cards/${first}/make-default`, {})
  assert.deepEqual(await said(), ['4242 charged', '4444'])
  const removal = () => customer.send('DELETE', `/api/v1/accounts/${accountId}/cards/${first}`)
  assert.deepEqual([(await removal()).status, (await removal()).status], [204, 204])
  assert.deepEqual(await said(), ['4444 charged'])
  const isForgotten = async () => {
    const { rows } = await pool.query('select gateway_id from saved_cards where id = $1', [first])
    return stripe.methods.get(rows[0].gateway_id)?.customer
  }
  await until(isForgotten, (holder) => holder === null, { what: 'the gateway forgets the card' })
  assert.ok(second)
})

test('the same card entered again takes the place of its copy', async () => {
  await keep()
  await keep()
  assert.deepEqual(await said(), ['4242 charged'])
})

test('a payment is charged to the kept card, with a receipt and books that agree', async () => {
  await keep()
  const { id, minor } = await ownPayment()
  const answer = await charge(id)
  assert.deepEqual([answer.status, answer.body['status']], [201, 'paid'], answer.text)
  assert.equal(await statusOf(id), 'completed')
  assert.deepEqual(await receiptsOf(id), [String(minor)])
  assert.equal(movedFor(minor), 1)
  await assertBooks()
})

for (const { name, bank, status } of [
  { name: 'declined', bank: 'declines', status: 'declined' },
  { name: 'held up for its holder', bank: 'wants_holder', status: 'needs_payer' },
] as const)
  test(`a charge that is ${name} leaves the payment waiting and mails a link to pay`, async () => {
    await keep({ ...VISA, bank })
    const { id, minor } = await ownPayment()
    assert.equal((await charge(id)).body['status'], status)
    assert.equal(await statusOf(id), 'waiting_for_payment')
    const mails = async () => {
      const { rows } = await pool.query(`select body_text as text from mails where purpose = 'payment.card_refused'`)
      return rows.map(({ text }) => String(text)).filter((text) => text.includes(`/client/payments/${id}`))
    }
    const found = await until(mails, (texts) => texts.length > 0, { what: 'the mail' })
    assert.match(found[0] ?? '', new RegExp(`${(minor / 100).toFixed(2)} USD`))
    // By another way it can be paid still.
    const page = await customer.send('POST', `/api/v1/payments/${id}/card-sessions`, {})
    await stripe.deliver(origin, stripe.pay(pageOf(page.body['url'])))
    assert.equal(await statusOf(id), 'completed')
    assert.deepEqual(await receiptsOf(id), [String(minor)])
  })

test('ten who charge at once charge once', async () => {
  await keep()
  const { id, minor } = await ownPayment()
  await Promise.all(Array.from({ length: 10 }, () => charge(id)))
  assert.equal(movedFor(minor), 1)
  assert.deepEqual(await receiptsOf(id), [String(minor)])
  await assertBooks()
})

test('an answer that is lost, and a key that is forgotten, charge nothing twice', async () => {
  await keep()
  for (const path of [/^\/v1\/payment_intents$/, /\/confirm$/]) {
    const { id, minor } = await ownPayment()
    stripe.losesAnswersTo = path
    const lost = await charge(id)
    stripe.losesAnswersTo = undefined
    assert.equal(lost.status, 503, String(path))
    stripe.forgetKeys()
    app.clock.advance(11 * 60_000)
    await checkSilentSessions(database.db, app.clock, app.parts.clocks.of, cards)
    assert.equal(await statusOf(id), 'completed')
    assert.equal(movedFor(minor), 1)
    assert.deepEqual(await receiptsOf(id), [String(minor)])
  }
  await assertBooks()
})

test('a bank that thinks is waited for; what it decides counts once, and a forged word of it not at all', async () => {
  await keep({ ...VISA, bank: 'thinks' })
  const { id, minor } = await ownPayment()
  assert.equal((await charge(id)).body['status'], 'pending')
  const page = await customer.send('POST', `/api/v1/payments/${id}/card-sessions`, {})
  assert.equal(page.status, 409, 'not a second way to pay the same')
  const intent = [...stripe.intents.values()].find(({ amount }) => amount === minor)
  assert.ok(intent)
  const lie = {
    id: 'evt_lie',
    object: 'event',
    type: 'payment_intent.succeeded',
    data: { object: { id: intent.id } },
  } as const
  assert.equal((await stripe.deliver(origin, lie)).status, 200)
  assert.equal(await statusOf(id), 'waiting_for_payment', 'an event says nothing by itself')
  const decided = stripe.decide(intent.id, 'succeeded')
  assert.equal((await stripe.deliver(origin, decided, { secret: 'whsec_forged' })).status, 400)
  await Promise.all(Array.from({ length: 5 }, () => stripe.deliver(origin, decided)))
  assert.equal((await stripe.deliver(origin, { ...decided, type: 'payment_intent.payment_failed' })).status, 200)
  assert.equal(await statusOf(id), 'completed')
  assert.deepEqual(await receiptsOf(id), [String(minor)])
})

test('a page that was open for the payment is closed before it is charged; paid on just before, nothing is charged', async () => {
  await keep()
  const [open, paid] = [await ownPayment(), await ownPayment()]
  const pages = []
  for (const { id } of [open, paid])
    pages.push(pageOf((await customer.send('POST', `/api/v1/payments/${id}/card-sessions`, {})).body['url']))
  stripe.pay(pages[1] ?? '')
  assert.equal((await charge(open.id)).body['status'], 'paid')
  assert.equal(stripe.sessions.get(pages[0] ?? '')?.status, 'expired')
  assert.equal((await charge(paid.id)).body['status'], 'cancelled')
  for (const { id, minor } of [open, paid]) assert.deepEqual(await receiptsOf(id), [String(minor)])
  assert.equal(movedFor(paid.minor), 1)
})

test('money that a kept card paid goes back to it', async () => {
  await keep()
  const { id, minor } = await ownPayment()
  await charge(id)
  const body = { method: 'card', reason: 'Not needed' }
  const refund = await operator.send('POST', `/api/v1/payments/${id}/refunds`, body)
  assert.equal(refund.status, 201, refund.text)
  const sent = async () => stripe.refunds.find(({ amount }) => amount === minor)
  await until(sent, (found) => found !== undefined, { what: 'the refund is sent' })
  await assertBooks()
})

test('other customers see no card, and charge none', async () => {
  const cardId = await keep()
  const stranger = app.caller()
  await stranger.signIn('erin@fabrikam.example')
  const { id } = await ownPayment()
  for (const [method, path] of [
    ['GET', `/api/v1/accounts/${accountId}/cards`],
    ['POST', `/api/v1/accounts/${accountId}/card-setups`],
    ['POST', `/api/v1/accounts/${accountId}/cards/${cardId}/make-default`],
    ['DELETE', `/api/v1/accounts/${accountId}/cards/${cardId}`],
    ['POST', `/api/v1/payments/${id}/card-charges`],
    ['GET', `/api/v1/payments/${id}/card-charges`],
  ] as const) {
    const { status } = await stranger.send(method, path, method === 'POST' ? { agree: true } : undefined)
    assert.ok(status === 404 || status === 401 || status === 403, `${method} ${path}: ${status}`)
  }
  assert.deepEqual(await said(), ['4242 charged'])
})
