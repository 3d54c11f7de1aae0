import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Caller, openApplication, type TestApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { LINK } from '../../test/harness/shop.ts'
import { startStripe } from '../../test/harness/stripe.ts'
import { until } from '../../test/harness/visitor.ts'
import { createStripeGateway } from './stripe-gateway.ts'
import { checkSilentSessions } from './watch-card-sessions.ts'

const database = await testDatabase()
const stripe = await startStripe()
const cards = await createStripeGateway(stripe)
let app: TestApplication
let origin: string

before(async () => {
  app = await openApplication(database, { cards })
  origin = await app.http.listen({ host: '127.0.0.1', port: 0 }).then(() => {
    const address = app.http.app.server.address()
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  })
})

const callers = new Map<string, Promise<Caller>>()
/** Signed in once: an address may try ten times a minute. */
function signedIn(email = 'dana@contoso.example'): Promise<Caller> {
  const signIn = async () => {
    const caller = app.caller()
    assert.equal((await caller.signIn(email)).status, 201)
    return caller
  }
  const caller = callers.get(email) ?? signIn()
  callers.set(email, caller)
  return caller
}

async function orderMonthly(caller: Caller) {
  const session = await caller.send('GET', '/api/v1/session')
  const { id } = (session.body as unknown as { account: { id: string } }).account
  const checkout = await caller.send('POST', '/api/v1/checkouts', { account_id: id, link: LINK.monthly })
  assert.equal(checkout.status, 201, checkout.text)
  const placed = await caller.send('POST', `/api/v1/checkouts/${checkout.body['id']}/place`, {
    expected_total: { amount: '49.00', currency: 'USD' },
    accept_terms: true,
    allow_second: true,
  })
  const { payment, id: orderId } = placed.body as unknown as { payment: { id: string }; id: string }
  assert.ok(payment, placed.text)
  return { paymentId: payment.id, orderId, accountId: id }
}

const openPage = (caller: Caller, paymentId: string) =>
  caller.send('POST', `/api/v1/payments/${paymentId}/card-sessions`, {})
const sessionOf = (page: { body: Record<string, never> }): string => String(page.body['url']).split('/').at(-1) ?? ''

async function statusOf(paymentId: string): Promise<string> {
  const { rows } = await database.pool.query('select status from payments where id = $1', [paymentId])
  return rows[0].status
}
const receiptsOf = async (paymentId: string): Promise<number> =>
  (await database.pool.query('select from payment_receipts where payment_id = $1', [paymentId])).rowCount ?? 0
async function balanceOf(accountId: string): Promise<string> {
  const { rows } = await database.pool.query(
    `select -balance_minor as balance from ledger_accounts where kind = 'customer_balance' and account_id = $1`,
    [accountId],
  )
  return String(rows[0]?.balance ?? 0)
}
async function assertBooks(): Promise<void> {
  const operator = await signedIn('operator@buylink.example')
  const { body } = await operator.send('GET', '/api/v1/ledger/verification')
  assert.deepEqual(body['problems'], [])
}

test('a card pays an order: page, webhook, subscription', async () => {
  const caller = await signedIn()
  const { paymentId, orderId } = await orderMonthly(caller)
  const view = await caller.send('GET', `/api/v1/payments/${paymentId}`)
  assert.deepEqual(view.body['payable_by'], ['bank_transfer', 'balance', 'card'])
  const page = await openPage(caller, paymentId)
  assert.equal(page.status, 201, page.text)
  const id = sessionOf(page)
  const made = stripe.sessions.get(id)
  assert.deepEqual([made?.amount_total, made?.currency], [4900, 'usd'])
  assert.equal(made?.success_url, `http://localhost:8080/client/payments/${paymentId}?card=back`)
  const answer = await stripe.deliver(origin, stripe.pay(id))
  assert.equal(answer.status, 200, await answer.text())
  assert.equal(await statusOf(paymentId), 'completed')
  const order = async () =>
    (await database.pool.query('select status from orders where id = $1', [orderId])).rows[0].status
  await until(order, (status) => status === 'completed', { what: 'the order is completed' })
  await assertBooks()
})

test('the same page is given while it is open, whatever is asked at once', async () => {
  const caller = await signedIn()
  const { paymentId } = await orderMonthly(caller)
  const before = stripe.created
  const pages = await Promise.all(Array.from({ length: 10 }, () => openPage(caller, paymentId)))
  assert.equal(new Set(pages.map(({ body }) => body['url'])).size, 1)
  assert.equal(stripe.created, before + 1)
})

test('events that come twice, late and out of order change nothing twice', async () => {
  const caller = await signedIn()
  const { paymentId } = await orderMonthly(caller)
  const id = sessionOf(await openPage(caller, paymentId))
  const paid = stripe.pay(id)
  const stale = { ...paid, id: 'evt_stale', type: 'checkout.session.async_payment_failed' }
  for (const event of [stale, paid, paid, stale]) assert.equal((await stripe.deliver(origin, event)).status, 200)
  await Promise.all(Array.from({ length: 10 }, () => stripe.deliver(origin, paid)))
  assert.equal(await receiptsOf(paymentId), 1)
  assert.equal(await statusOf(paymentId), 'completed')
  await assertBooks()
})

for (const { name, options } of [
  { name: 'another secret', options: { secret: 'whsec_forged' } },
  { name: 'an old signature', options: { atSeconds: Math.floor(Date.now() / 1000) - 3600 } },
])
  test(`a webhook with ${name} is refused`, async () => {
    const caller = await signedIn()
    const { paymentId } = await orderMonthly(caller)
    const id = sessionOf(await openPage(caller, paymentId))
    assert.equal((await stripe.deliver(origin, stripe.pay(id), options)).status, 400)
    assert.equal(await statusOf(paymentId), 'waiting_for_payment')
  })

test('an event says nothing by itself: what Stripe answers counts', async () => {
  const caller = await signedIn()
  const { paymentId } = await orderMonthly(caller)
  const id = sessionOf(await openPage(caller, paymentId))
  const lie = { id: 'evt_lie', object: 'event', type: 'checkout.session.completed', data: { object: { id } } } as const
  assert.equal((await stripe.deliver(origin, lie)).status, 200)
  assert.equal(await statusOf(paymentId), 'waiting_for_payment')
})

test('without any webhook the payer’s return finds the money, and so does the regular look', async () => {
  const caller = await signedIn()
  const [first, second] = [await orderMonthly(caller), await orderMonthly(caller)]
  stripe.pay(sessionOf(await openPage(caller, first.paymentId)))
  assert.equal((await caller.send('POST', `/api/v1/payments/${first.paymentId}/card-sessions/check`, {})).status, 204)
  assert.equal(await statusOf(first.paymentId), 'completed')
  stripe.pay(sessionOf(await openPage(caller, second.paymentId)))
  app.clock.advance(11 * 60_000)
  await checkSilentSessions(database.db, app.clock, app.parts.clocks.of, cards)
  assert.equal(await statusOf(second.paymentId), 'completed')
})

test('a payment that was cancelled closes its page; who had just paid has the money on the balance', async () => {
  const caller = await signedIn()
  const [closed, late] = [await orderMonthly(caller), await orderMonthly(caller)]
  const closedPage = sessionOf(await openPage(caller, closed.paymentId))
  const latePage = sessionOf(await openPage(caller, late.paymentId))
  const before = BigInt(await balanceOf(late.accountId))
  stripe.pay(latePage)
  for (const { paymentId } of [closed, late])
    assert.equal((await caller.send('POST', `/api/v1/payments/${paymentId}/cancel`, {})).status, 200)
  const isClosed = async () => stripe.sessions.get(closedPage)?.status
  await until(isClosed, (status) => status === 'expired', { what: 'the page is closed' })
  const balance = () => balanceOf(late.accountId)
  await until(balance, (minor) => BigInt(minor) === before + 4900n, { what: 'the money is on the balance' })
  await assertBooks()
})

test('while Stripe is down the payer is told to try again, and then gets the page', async () => {
  const caller = await signedIn()
  const { paymentId } = await orderMonthly(caller)
  stripe.isDown = true
  const refused = await openPage(caller, paymentId)
  stripe.isDown = false
  assert.deepEqual([refused.status, refused.body['code']], [503, 'gateway_unavailable'])
  assert.equal((await openPage(caller, paymentId)).status, 201)
})

test('another customer opens no page for a payment that is not theirs', async () => {
  const { paymentId } = await orderMonthly(await signedIn())
  const stranger = app.caller()
  assert.equal((await openPage(stranger, paymentId)).status, 401)
})

test('in a sandbox what the gateway tells, or is asked, happens at the sandbox’s time', async () => {
  const caller = await signedIn()
  const [told, silent] = [await orderMonthly(caller), await orderMonthly(caller)]
  const { rows } = await database.pool.query('select seller_id as id from payments where id = $1', [told.paymentId])
  const then = new Date('2031-01-31T12:00:00Z')
  await database.pool.query(
    'insert into test_clocks (seller_id, now_at, target_at, created_at) values ($1, $2, $2, $2)',
    [rows[0].id, then],
  )
  await app.parts.clocks.refresh()
  const event = stripe.pay(sessionOf(await openPage(caller, told.paymentId)))
  assert.equal((await stripe.deliver(origin, event)).status, 200)
  stripe.pay(sessionOf(await openPage(caller, silent.paymentId)))
  await checkSilentSessions(database.db, app.clock, app.parts.clocks.of, cards)
  for (const { paymentId } of [told, silent]) {
    const { rows } = await database.pool.query(
      `select p.status, p.closed_at as closed, r.received_at as received, s.updated_at as settled
         from payments p join payment_receipts r on r.payment_id = p.id join card_sessions s on s.payment_id = p.id where p.id = $1`,
      [paymentId],
    )
    assert.deepEqual(rows, [{ status: 'completed', closed: then, received: then, settled: then }])
  }
})
