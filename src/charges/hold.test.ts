import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { changesOf, type Tenant } from '../../test/harness/changes.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { LINK, openShop, placing, type Shop } from '../../test/harness/shop.ts'
import { newId, type PaymentId, type SubscriptionId } from '../kernel/ids.ts'
import { balancesOf, post, verifyLedger } from '../ledger/index.ts'
import { transfer } from '../ledger/rules.ts'
import { createCheckout, placeOrder } from '../orders/index.ts'
import { debtOf } from '../orders/rules.ts'
import { approvePayment, findPaymentView, payFromBalance, requestTopup } from '../payments/index.ts'
import { transaction } from '../platform/db.ts'
import { bookPaidSessions } from '../cards/book-paid-sessions.ts'
import type { CardSession } from '../cards/schema.ts'
import { insertSession } from '../cards/store.ts'
import { forgetHoldPayment } from './forget-hold-payment.ts'
import { reviewCredit } from './index.ts'

let shop: Shop
let changes: ReturnType<typeof changesOf>
before(async () => {
  shop = await openShop(await testDatabase())
  changes = changesOf(shop)
  await shop.pool.query(`update plans set second_subscription = 'allow' where id in (425, 569)`)
  await shop.pool.query('update price_lists set version = version + 1')
  await shop.catalog.refreshChanged()
})

const review = ({ id }: Tenant) => reviewCredit(shop.db, shop.clock, shop.store.sellerId, id)
const approve = (paymentId: PaymentId) =>
  approvePayment(shop.db, shop.clock, shop.operator, { sellerId: shop.store.sellerId, paymentId })

/** Funds are held for what was consumed, as rating holds them. */
async function consume({ id: accountId }: Tenant, minor: bigint): Promise<void> {
  const { sellerId } = shop.store
  const entries = transfer(minor, { kind: 'customer_balance', accountId }, { kind: 'blocked_funds', accountId })
  await transaction(shop.db, (tx) =>
    post(tx, {
      sellerId,
      kind: 'usage_blocked',
      naturalKey: `test:${newId()}`,
      currency: 'USD',
      entries,
      accountId,
      orderId: null,
      paymentId: null,
      correlationId: newId(),
      at: shop.clock.now(),
    }),
  )
  await review({ id: accountId, actor: shop.operator })
}
async function topUp(account: Tenant, amountMinor: bigint): Promise<void> {
  const amount = { amountMinor, currency: 'USD' }
  const { paymentId } = await requestTopup(shop.db, shop.clock, account.actor, {
    accountId: account.id,
    amount,
    note: '',
  })
  await approve(paymentId)
  await review(account)
}
async function order(account: Tenant, link: string, totalMinor: bigint) {
  const { storeId } = shop.store
  const about = { accountId: account.id, storeId, link, cookieKey: null, idempotencyKey: null }
  const checkoutId = await createCheckout(shop, account.actor, about)
  const place = () => placeOrder(changes.deps, account.actor, placing(checkoutId, totalMinor))
  return { place, placed: await place() }
}
const statusOf = async ({ id }: Tenant): Promise<string> =>
  (await shop.pool.query('select status from accounts where tenant_id = $1', [id])).rows[0].status
const waitingOf = async ({ id }: Tenant): Promise<string[]> => {
  const { rows } = await shop.pool.query(
    `select total_minor::text || case when leaves_hold then ' leaves hold' else ' ' || purpose end as what
       from payments where account_id = $1 and status = 'waiting_for_payment' order by number`,
    [id],
  )
  return rows.map(({ what }) => what)
}

for (const { name, available, threshold, debt } of [
  { name: 'owes nothing with money on the balance', available: 100n, threshold: 0n, debt: 0n },
  { name: 'owes nothing at zero', available: 0n, threshold: 0n, debt: 0n },
  { name: 'owes all that is below zero', available: -1250n, threshold: 0n, debt: 1250n },
  { name: 'owes all of it where some debt is allowed', available: -1250n, threshold: -1000n, debt: 1250n },
  { name: 'must have what its class asks for', available: 300n, threshold: 1000n, debt: 700n },
  { name: 'and what it owes beside', available: -300n, threshold: 1000n, debt: 1300n },
])
  test(`an account ${name}`, () => assert.equal(debtOf(available, threshold), debt))

/** What a subscription is before the hold, at first during it, when its service has answered, and after a covering top-up. */
const STATES = [
  { name: 'runs', set: `status = 'active'`, during: 'stopping', settled: 'stopped credit_hold', after: 'active' },
  {
    name: 'is in its grace',
    set: `status = 'graced'`,
    during: 'stopping',
    settled: 'stopped credit_hold',
    after: 'graced',
  },
  {
    name: 'is a trial',
    set: `trial = true`,
    during: 'stopping',
    settled: 'stopped credit_hold',
    after: 'active trial',
  },
  {
    name: 'was cancelled for the end of its period',
    set: `ends_with_period = true`,
    during: 'stopping',
    settled: 'stopped credit_hold',
    after: 'active ends',
  },
  {
    name: 'was stopped by a person',
    set: `status = 'stopped', stop_reason = 'administrative', previous_status = 'active'`,
    during: 'stopped',
    settled: 'stopped administrative',
    after: 'stopped administrative',
  },
  {
    name: 'is being stopped by a person',
    set: `status = 'stopping', stop_reason = 'administrative', previous_status = 'active'`,
    during: 'stopping',
    settled: 'stopping administrative',
    after: 'stopping administrative',
  },
  {
    name: 'has expired',
    set: `status = 'stopped', stop_reason = 'expired', previous_status = 'graced'`,
    during: 'stopped',
    settled: 'stopped expired',
    after: 'stopped expired',
  },
  { name: 'is being changed', set: `status = 'updating'`, during: 'updating', settled: 'updating', after: 'updating' },
  {
    name: 'failed to start',
    set: `status = 'activation_failed'`,
    during: 'activation_failed',
    settled: 'activation_failed',
    after: 'activation_failed',
  },
  {
    name: 'is paid afterwards',
    set: `payment_model = 'postpay'`,
    during: 'active',
    settled: 'active',
    after: 'active',
  },
  {
    name: 'is paid in full',
    set: `billing_type = 'pay_in_full'`,
    during: 'active',
    settled: 'active',
    after: 'active',
  },
] as const

test('what a hold stops comes back to exactly what it was, once, and nothing else is touched', async () => {
  const account = await shop.customer('Many')
  const ids: SubscriptionId[] = []
  for (const { set } of STATES) {
    const { subscriptionId: id } = await changes.order(account, LINK.payAsYouGo, 0n)
    await shop.pool.query(`update subscriptions set exclusive = false, ${set} where id = $1`, [id])
    ids.push(id)
  }
  const states = async (isWhole: boolean): Promise<string[]> => {
    const { rows } = await shop.pool.query(
      `select status || case when $2 then coalesce(' ' || stop_reason, '') || case when trial and status <> 'stopped' then ' trial' else '' end
              || case when ends_with_period and status <> 'stopped' then ' ends' else '' end else '' end as state
         from unnest($1::uuid[]) with ordinality as u (id, nth) join subscriptions s on s.id = u.id order by nth`,
      [ids, isWhole],
    )
    return rows.map(({ state }) => state)
  }
  const wanted = (moment: 'during' | 'settled' | 'after') => STATES.map((state) => state[moment])
  const stopped = STATES.flatMap(({ settled }, index) => (settled === 'stopped credit_hold' ? (ids[index] ?? []) : []))
  await consume(account, 500n)
  assert.equal(await statusOf(account), 'credit_hold')
  assert.deepEqual(await states(false), wanted('during'))
  for (const id of stopped) await changes.serveLife(id)
  await review(account)
  assert.deepEqual(await states(true), wanted('settled'))

  // Too little, and as often as anybody looks: nothing moves.
  await topUp(account, 499n)
  await Promise.all([review(account), review(account)])
  assert.deepEqual(await states(true), wanted('settled'))
  await topUp(account, 1n)
  await Promise.all([review(account), review(account)])
  assert.equal(await statusOf(account), 'active')
  for (const id of stopped) await changes.serveLife(id, 2)
  assert.deepEqual(await states(true), wanted('after'))
})

test('an order on hold has two payments: what covers the debt, and its own, which waits for that', async () => {
  const { account } = await changes.running('Two payments', LINK.payAsYouGo, 0n)
  await consume(account, 1250n)
  const { placed, place } = await order(account, LINK.monthly, 4900n)
  const { payment, holdPayment } = placed
  assert.ok(payment && holdPayment)
  assert.deepEqual([payment.total.amountMinor, holdPayment.total.amountMinor], [4900n, 1250n])
  assert.deepEqual(await place(), placed)
  assert.deepEqual(await waitingOf(account), ['1250 leaves hold', '4900 order'])

  const { sellerId } = shop.store
  const first = { code: 'conflict', message: new RegExp(`pay ${holdPayment.number} first`) }
  await assert.rejects(approve(payment.id), first)
  await assert.rejects(payFromBalance(shop.db, shop.clock, account.actor, { sellerId, paymentId: payment.id }), first)
  const shown = async () => {
    const view = await findPaymentView(shop.db, account.actor, payment.id)
    return [view?.after?.number ?? null, view?.payableBy.length]
  }
  assert.deepEqual(await shown(), [holdPayment.number, 0])
  await approve(holdPayment.id)
  await review(account)
  assert.equal(await statusOf(account), 'active')
  assert.deepEqual(await shown(), [null, 2])
  await approve(payment.id)
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
})

test('a second order on hold, or many at once, find the payment that waits already', async () => {
  const { account } = await changes.running('Twice', LINK.payAsYouGo, 0n)
  await consume(account, 700n)
  const orders = await Promise.all([1, 2, 3].map(() => order(account, LINK.monthly, 4900n)))
  assert.equal(new Set(orders.map(({ placed }) => placed.holdPayment?.id)).size, 1)
  assert.deepEqual(await waitingOf(account), ['700 leaves hold', '4900 order', '4900 order', '4900 order'])
})

test('left by another top-up, the hold is no reason to pay any more; what had arrived for it is credited', async () => {
  const { account } = await changes.running('Another way', LINK.payAsYouGo, 0n)
  await consume(account, 300n)
  const { placed } = await order(account, LINK.monthly, 4900n)
  assert.ok(placed.payment && placed.holdPayment)
  const { sellerId } = shop.store
  const part = { amountMinor: 100n, currency: 'USD' }
  const to = { sellerId, paymentId: placed.holdPayment.id }
  await approvePayment(shop.db, shop.clock, shop.operator, { ...to, amount: part, reference: 'part' })
  await topUp(account, 300n)
  for (let times = 0; times < 2; times++) await forgetHoldPayment(shop.db, shop.clock, sellerId, account.id)
  assert.deepEqual(await waitingOf(account), ['4900 order'])
  await approve(placed.payment.id)
  const { rows } = await shop.pool.query(
    `select -balance_minor::integer as balance from ledger_accounts where account_id = $1 and kind = 'customer_balance'`,
    [account.id],
  )
  assert.deepEqual(rows, [{ balance: 100 }])
})

/** Money that a payer sent on the gateway's page, which was opened when its payment's turn was. */
async function arrives(paymentId: PaymentId, amountMinor: bigint): Promise<void> {
  const { sellerId } = shop.store
  const at = shop.clock.now()
  const reference = `pi_${newId()}`
  const session: CardSession = {
    sellerId,
    id: newId(),
    paymentId,
    gatewayId: `cs_${newId()}`,
    url: null,
    status: 'open',
    amountMinor,
    currency: 'USD',
    returnUrl: 'https://shop.example',
    agreedBy: null,
    expiresAt: new Date(at.getTime() + 60_000),
  }
  await transaction(shop.db, (tx) => insertSession(tx, session, at))
  const truth = { id: reference, url: null, status: 'complete', isPaid: true, currency: 'USD', amountMinor } as const
  const paid = { session, truth: { ...truth, paymentReference: reference }, card: undefined, at }
  for (let times = 0; times < 2; times++) await bookPaidSessions(shop.db, sellerId, [paid])
}
const balanceOf = async ({ id }: Tenant) => (await balancesOf(shop.db, shop.store.sellerId, [id])).get(id) ?? 0n

test('a card page that was open when the account came on hold again covers what is owed first', async () => {
  const { account } = await changes.running('Open page', LINK.payAsYouGo, 0n)
  await consume(account, 1250n)
  const { placed } = await order(account, LINK.monthly, 4900n)
  assert.ok(placed.payment && placed.holdPayment)
  // Off hold by another top-up: a page can be opened for the order. On hold again before what is waiting is forgotten.
  await topUp(account, 1250n)
  await consume(account, 300n)
  assert.deepEqual(await waitingOf(account), ['1250 leaves hold', '4900 order'])
  const earlier = await balanceOf(account)
  await arrives(placed.payment.id, 4900n)
  assert.equal((await balanceOf(account)) - earlier, 4900n)
  await review(account)
  assert.equal(await statusOf(account), 'active')
  const { sellerId } = shop.store
  await forgetHoldPayment(shop.db, shop.clock, sellerId, account.id)
  assert.deepEqual(await waitingOf(account), ['4900 order'])
  await topUp(account, 300n)
  await payFromBalance(shop.db, shop.clock, account.actor, { sellerId, paymentId: placed.payment.id })
  assert.deepEqual([await waitingOf(account), await balanceOf(account)], [[], 0n])
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
})

test('an order that was placed before the hold has its one payment, and money sent for it pays it', async () => {
  const { account } = await changes.running('Placed before', LINK.payAsYouGo, 0n)
  const { placed } = await order(account, LINK.monthly, 4900n)
  assert.ok(placed.payment)
  await consume(account, 300n)
  const earlier = await balanceOf(account)
  await arrives(placed.payment.id, 4900n)
  assert.deepEqual([await waitingOf(account), await balanceOf(account)], [[], earlier])
  await review(account)
  assert.equal(await statusOf(account), 'credit_hold')
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
})

test('who is on no hold pays for an order alone', async () => {
  const { account } = await changes.running('None', LINK.payAsYouGo, 0n)
  const free = await order(account, LINK.monthly, 4900n)
  assert.equal(free.placed.holdPayment, null)
})
