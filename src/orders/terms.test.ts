import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { changesOf, type Tenant } from '../../test/harness/changes.ts'
import { moveBalance } from '../../test/harness/move-balance.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { LINK, openShop, type Shop } from '../../test/harness/shop.ts'
import { setRecurringFee } from '../catalog/index.ts'
import { type SubscriptionId } from '../kernel/ids.ts'
import { addDays, DAY_MS } from '../kernel/time.ts'
import { balancesOf, verifyLedger } from '../ledger/index.ts'
import { transaction } from '../platform/db.ts'
import { getSubscription } from '../subscriptions/index.ts'
import { advanceTerms } from './advance-term.ts'
import { announcePriceChange } from './announce-price-change.ts'
import {
  cancelSubscription,
  keepSubscription,
  resumeSubscription,
  retryOperation,
  setAutoRenew,
  stopSubscription,
} from './end-subscription.ts'
import { createChange, startPaidOrder, type PlacedOrder } from './index.ts'
import { approvePayment } from '../payments/index.ts'

const GB = 1_073_741_824n
let shop: Shop
let changes: ReturnType<typeof changesOf>
before(async () => {
  shop = await openShop(await testDatabase())
  changes = changesOf(shop)
  // Only what a test orders lives in it.
  await sql`update subscriptions set due_at = null`.execute(shop.db)
})

const sellerId = () => shop.store.sellerId
const errors: unknown[] = []
const pass = () =>
  advanceTerms({ db: shop.db, clock: shop.clock, catalog: shop.catalog, onError: (error) => errors.push(error) })

const serveLife = (id: SubscriptionId, times = 1) => changes.serveLife(id, times)
const read = async (id: SubscriptionId) => {
  const subscription = await getSubscription(shop.db, sellerId(), id)
  assert.ok(subscription)
  return subscription
}
const day = (date: Date | null) => date?.toISOString().slice(0, 10)
const balance = async ({ id }: Tenant) => (await balancesOf(shop.db, sellerId(), [id])).get(id) ?? 0n
const orders = async (id: SubscriptionId) => {
  const { rows } = await sql<{ id: string; type: string; status: string; total: bigint; paymentId: string | null }>`
    select o.id, o.type, o.status, o.total_minor as total, p.id as "paymentId" from orders o
      left join payments p on p.order_id = o.id where o.subscription_id = ${id} and o.type <> 'sales' order by o.id`.execute(
    shop.db,
  )
  return rows
}
const events = async (type: string, id: string) => {
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from events where type = ${type} and subject_id = ${id}`.execute(shop.db)
  return rows[0]!.n
}
const until = (date: Date | null, days = 0) => {
  assert.ok(date)
  shop.clock.set(addDays(date, days).toISOString())
}
const deps = (actor = shop.operator) => ({ db: shop.db, clock: shop.clock, actor })
const key = (id: SubscriptionId) => ({ sellerId: sellerId(), id })
const approve = async (paymentId: string, orderId: string) => {
  await approvePayment(shop.db, shop.clock, shop.operator, { sellerId: sellerId(), paymentId })
  await startPaidOrder(shop.db, shop.clock, sellerId(), orderId)
}

test('what a balance covers is renewed a week before, month after month, once, however many look', async () => {
  shop.clock.set('2027-01-31T10:00:00Z')
  const { account, subscriptionId } = await changes.running('Renews')
  await moveBalance(shop, account, 10_000n)
  await pass()
  assert.deepEqual(await orders(subscriptionId), [])
  for (const ends of ['2027-02-28', '2027-03-31']) {
    const { periodEndsAt } = await read(subscriptionId)
    assert.equal(day(periodEndsAt), ends)
    until(periodEndsAt, -7)
    await Promise.all([pass(), pass(), pass()])
    await pass()
  }
  const subscription = await read(subscriptionId)
  assert.equal(subscription.status, 'active')
  assert.equal(day(subscription.periodEndsAt), '2027-04-30')
  assert.deepEqual(
    (await orders(subscriptionId)).map(({ type, status, total }) => [type, status, total]),
    [
      ['renewal', 'completed', 4900n],
      ['renewal', 'completed', 4900n],
    ],
  )
  assert.equal(await balance(account), 200n)
  assert.equal(await events('subscription.renewed', subscriptionId), 2)
  assert.deepEqual(errors, [])
})

test('without money it waits to be paid, has grace, stops, and is deleted; its grant falls with the stop', async () => {
  const { subscriptionId } = await changes.running('Never pays')
  const { periodEndsAt } = await read(subscriptionId)
  until(periodEndsAt, -7)
  await pass()
  assert.deepEqual(
    (await orders(subscriptionId)).map(({ status }) => status),
    ['waiting_for_payment'],
  )
  until(periodEndsAt)
  await pass()
  assert.equal((await read(subscriptionId)).status, 'graced')
  assert.equal((await changes.stateOf(subscriptionId)).grants['storage'], String(500n * GB))
  until(periodEndsAt, 7)
  await pass()
  assert.equal((await read(subscriptionId)).status, 'stopping')
  assert.deepEqual(
    (await orders(subscriptionId)).map(({ status }) => status),
    ['cancelled'],
  )
  await serveLife(subscriptionId, 3)
  assert.equal((await read(subscriptionId)).status, 'stopped')
  assert.equal((await changes.stateOf(subscriptionId)).grants['storage'], '0')
  assert.equal(await events('subscription.stopped', subscriptionId), 1)
  await pass()
  until(periodEndsAt, 7 + 30)
  await pass()
  await serveLife(subscriptionId, 2)
  assert.equal((await read(subscriptionId)).status, 'deleted')
  assert.equal(await events('subscription.deleted', subscriptionId), 1)
  until(periodEndsAt, 1000)
  await pass()
  assert.equal((await read(subscriptionId)).status, 'deleted')
})

test('paid in its grace, it goes on from the end of the period before', async () => {
  const { subscriptionId } = await changes.running('Pays late')
  const { periodEndsAt } = await read(subscriptionId)
  until(periodEndsAt, -7)
  await pass()
  until(periodEndsAt, 3)
  await pass()
  const [order] = await orders(subscriptionId)
  await approve(order!.paymentId!, order!.id)
  const after = await read(subscriptionId)
  assert.equal(after.status, 'active')
  assert.equal(after.periodStartsAt?.getTime(), periodEndsAt?.getTime())
})

test('what has stopped is renewed by hand: it runs again, its grant is back, and a period of its own begins', async () => {
  const { account, subscriptionId } = await changes.running('Comes back')
  const { periodEndsAt } = await read(subscriptionId)
  await setAutoRenew(deps(), key(subscriptionId), false)
  until(periodEndsAt)
  await pass()
  until(periodEndsAt, 8)
  await pass()
  await serveLife(subscriptionId)
  assert.deepEqual(await orders(subscriptionId), [])
  until(periodEndsAt, 20)
  const checkoutId = await createChange(shop, account.actor, {
    subscriptionId,
    renewal: {},
    resources: [],
    storeIdOf: () => shop.store.storeId,
    idempotencyKey: null,
  })
  const placed: PlacedOrder = await changes.place(account, checkoutId)
  await changes.pay(placed)
  assert.equal((await read(subscriptionId)).status, 'renewing')
  await changes.serve(placed.id)
  const after = await read(subscriptionId)
  assert.equal(after.status, 'active')
  assert.equal(after.periodStartsAt?.getTime(), shop.clock.now().getTime())
  assert.equal(after.stoppedAt, null)
  assert.equal((await changes.stateOf(subscriptionId)).grants['storage'], String(500n * GB))
})

test('a trial becomes a paid period, which begins when the trial ends', async () => {
  const { account, subscriptionId } = await changes.running('Likes it', LINK.trial, 0n)
  const { periodEndsAt } = await read(subscriptionId)
  const checkoutId = await createChange(shop, account.actor, {
    subscriptionId,
    renewal: { planPeriodId: '1840' },
    resources: [],
    storeIdOf: () => shop.store.storeId,
    idempotencyKey: null,
  })
  const view = await changes.view(account, checkoutId)
  assert.equal(view.total.amountMinor, 4900n)
  assert.equal(view.change?.needsConsent, true)
  const placed = await changes.place(account, checkoutId)
  await changes.pay(placed)
  const after = await read(subscriptionId)
  assert.equal(after.trial, false)
  assert.equal(after.periodStartsAt?.getTime(), periodEndsAt?.getTime())
  assert.equal(after.recurringMinor, 4900n)
})

test('a trial that nobody renews stops at its end, without grace', async () => {
  const { subscriptionId } = await changes.running('Tried it', LINK.trial, 0n)
  until((await read(subscriptionId)).periodEndsAt)
  await pass()
  assert.equal((await read(subscriptionId)).status, 'stopping')
})

test('what runs keeps its price; a higher one needs an announcement a month before, and is then taken by itself', async () => {
  const { account, subscriptionId } = await changes.running('Careful')
  await moveBalance(shop, account, 100_000n)
  await transaction(shop.db, (tx) => setRecurringFee(tx, sellerId(), '1840', 5900n, shop.clock.now()))
  const renew = async () => {
    until((await read(subscriptionId)).periodEndsAt, -7)
    await pass()
    const latest = (await orders(subscriptionId)).at(-1)
    assert.equal(latest?.status, 'completed')
    return latest?.total
  }
  assert.equal(await renew(), 4900n)
  const { periodEndsAt } = await read(subscriptionId)
  assert.ok(periodEndsAt)
  const announce = (effectiveAt: Date) =>
    announcePriceChange(shop, shop.operator, { sellerId: sellerId(), planId: '425', effectiveAt })
  await assert.rejects(announce(addDays(shop.clock.now(), 29)), { code: 'unprocessable' })
  const effectiveAt = addDays(periodEndsAt, 1)
  assert.deepEqual([(await announce(effectiveAt)) > 0, await announce(effectiveAt)], [true, 0])
  assert.equal(await events('subscription.price_change_announced', subscriptionId), 1)
  // Raised once more, nobody was told of that.
  await transaction(shop.db, (tx) => setRecurringFee(tx, sellerId(), '1840', 9900n, shop.clock.now()))
  // The period that begins before the day costs what was agreed, the next one what was announced.
  assert.equal(await renew(), 4900n)
  assert.equal(await renew(), 5900n)
  assert.equal((await read(subscriptionId)).recurringMinor, 5900n)
  assert.equal(await renew(), 5900n)
  await transaction(shop.db, (tx) => setRecurringFee(tx, sellerId(), '1840', 4500n, shop.clock.now()))
  assert.equal(await renew(), 4500n)
  await transaction(shop.db, (tx) => setRecurringFee(tx, sellerId(), '1840', 4900n, shop.clock.now()))
  await shop.catalog.refresh(sellerId())
})

test('cancelled at the end of the period, it runs until then, can be kept, and then stops', async () => {
  const { account, subscriptionId } = await changes.running('Leaves')
  const { periodEndsAt } = await read(subscriptionId)
  for (let time = 0; time < 2; time++) await cancelSubscription(deps(account.actor), key(subscriptionId), 'period_end')
  await keepSubscription(deps(account.actor), key(subscriptionId))
  assert.equal((await read(subscriptionId)).endsWithPeriod, false)
  await cancelSubscription(deps(account.actor), key(subscriptionId), 'period_end')
  until(periodEndsAt, -1)
  await pass()
  assert.deepEqual([(await read(subscriptionId)).status, await orders(subscriptionId)], ['active', []])
  until(periodEndsAt)
  await pass()
  await serveLife(subscriptionId)
  const after = await read(subscriptionId)
  assert.deepEqual([after.status, after.stopReason], ['stopped', 'cancelled'])
  await assert.rejects(keepSubscription(deps(account.actor), key(subscriptionId)), { code: 'conflict' })
})

test('cancelled now, it stops at once, and can be kept within what is paid for', async () => {
  const { account, subscriptionId } = await changes.running('Leaves now')
  await cancelSubscription(deps(account.actor), key(subscriptionId), 'now')
  await serveLife(subscriptionId)
  assert.equal((await changes.stateOf(subscriptionId)).grants['storage'], '0')
  await keepSubscription(deps(account.actor), key(subscriptionId))
  await serveLife(subscriptionId, 2)
  const after = await read(subscriptionId)
  assert.deepEqual([after.status, after.stopReason], ['active', null])
  assert.equal((await changes.stateOf(subscriptionId)).grants['storage'], String(500n * GB))
})

test('staff stop and start; what fails is tried again under the same key', async () => {
  const { subscriptionId } = await changes.running('Misbehaves')
  const keys: string[] = []
  const builtin = shop.connectors.get('builtin')!
  shop.connectors.set('builtin', {
    name: 'builtin',
    perform: async (request) => {
      keys.push(request.id)
      return keys.length === 1 ? { kind: 'refused', message: 'Not now.' } : builtin.perform(request)
    },
  })
  await stopSubscription(deps(), key(subscriptionId))
  await serveLife(subscriptionId)
  assert.equal((await read(subscriptionId)).status, 'stopping_failed')
  await retryOperation(deps(), key(subscriptionId))
  await serveLife(subscriptionId)
  assert.equal((await read(subscriptionId)).status, 'stopped')
  assert.equal(new Set(keys).size, 1)
  await assert.rejects(retryOperation(deps(), key(subscriptionId)), { code: 'conflict' })
  shop.clock.advance(400 * DAY_MS)
  await pass()
  assert.equal((await read(subscriptionId)).status, 'stopped')
  await resumeSubscription(deps(), key(subscriptionId))
  await serveLife(subscriptionId)
  assert.equal((await read(subscriptionId)).status, 'active')
  shop.connectors.set('builtin', builtin)
})

test('the books are in order afterwards', async () => {
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
  assert.deepEqual(errors, [])
})
