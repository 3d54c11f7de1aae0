import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { changesOf } from '../../test/harness/changes.ts'
import { moveBalance } from '../../test/harness/move-balance.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { LINK, openShop, placing, type Shop } from '../../test/harness/shop.ts'
import { setRecurringFee } from '../catalog/index.ts'
import { DAY_MS } from '../kernel/time.ts'
import { balancesOf, verifyLedger } from '../ledger/index.ts'
import { transaction } from '../platform/db.ts'
import { findTaskOfOrder, provision } from '../provisioning/index.ts'
import { createUsageIntake } from '../quotas/index.ts'
import { failOrder } from './advance-order.ts'
import { cancelOrder, completeOrder, placeOrder, startPaidOrder } from './index.ts'
import { retryOrder } from './retry-order.ts'

const GB = 1_073_741_824n
const [STORAGE, WORKSTATIONS] = ['9001', '9002']

let shop: Shop
let changes: ReturnType<typeof changesOf>
before(async () => {
  shop = await openShop(await testDatabase())
  changes = changesOf(shop)
})

const statusOf = async (orderId: string): Promise<string | undefined> => {
  const { rows } = await sql<{ status: string }>`select status from orders where id = ${orderId}`.execute(shop.db)
  return rows[0]?.status
}

const count = async (type: string, subject: string): Promise<number> => {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from events where type = ${type} and subject_id = ${subject}`.execute(shop.db)
  return rows[0]!.n
}

const balance = async (accountId: string): Promise<bigint> =>
  (await balancesOf(shop.db, shop.store.sellerId, [accountId])).get(accountId) ?? 0n

test('more storage is previewed, charged as previewed, and granted once it is paid', async () => {
  const { account, subscriptionId } = await changes.running('Grows')
  shop.clock.advance(10 * DAY_MS)
  const checkoutId = await changes.draft(account, subscriptionId, { [STORAGE]: 7n })
  const view = await changes.view(account, checkoutId)
  const { daysLeft, days } = view.change!.period
  assert.equal(daysLeft, days - 10)
  assert.equal(view.total.amountMinor, BigInt(Math.round((800 * daysLeft) / days)))
  assert.equal(
    view.total.amountMinor,
    view.lines.reduce((sum, { net, tax }) => sum + net.amountMinor + tax.amountMinor, 0n),
  )
  assert.deepEqual(view.change?.recurring, { amountMinor: 5700n, currency: 'USD' })
  assert.equal(view.change?.needsConsent, true)

  const placed = await changes.place(account, checkoutId)
  assert.deepEqual(placed.payment?.total, view.total)
  assert.equal((await changes.stateOf(subscriptionId)).status, 'active')
  await changes.pay(placed)
  assert.equal((await changes.stateOf(subscriptionId)).status, 'updating')
  await changes.serve(placed.id)
  const state = await changes.stateOf(subscriptionId)
  assert.equal(state.status, 'active')
  assert.equal(state.recurring, 5700n)
  assert.equal(state.quantities[STORAGE], '7')
  assert.equal(state.grants['storage'], String(700n * GB))
  assert.equal(await count('subscription.updated', subscriptionId), 1)
  assert.equal(await balance(account.id), 0n)
})

test('a higher price a month is agreed to by name, and no other total is charged', async () => {
  const { account, subscriptionId } = await changes.running('Careful')
  const checkoutId = await changes.draft(account, subscriptionId, { [WORKSTATIONS]: 12n })
  const placeAs = (amountMinor: bigint, recurring?: bigint) =>
    placeOrder(changes.deps, account.actor, {
      ...placing(checkoutId, amountMinor),
      acceptRecurring: recurring === undefined ? undefined : { amountMinor: recurring, currency: 'USD' },
    })
  await assert.rejects(placeAs(500n), {
    code: 'recurring_not_accepted',
    status: 409,
    extra: { currentRecurring: { amount: '54.00', currency: 'USD' } },
  })
  await assert.rejects(placeAs(500n, 5399n), { code: 'recurring_not_accepted' })
  await assert.rejects(placeAs(499n, 5400n), {
    code: 'price_changed',
    extra: { currentTotal: { amount: '5.00', currency: 'USD' } },
  })
  assert.ok((await placeAs(500n, 5400n)).payment)
})

test('a hundred placings of one change at once give one order and one answer', async () => {
  const { account, subscriptionId } = await changes.running('Impatient')
  const checkoutId = await changes.draft(account, subscriptionId, { [STORAGE]: 6n })
  const answers = await Promise.all(
    Array.from(
      { length: 100 },
      () =>
        changes.deps &&
        placeOrder(changes.deps, account.actor, {
          ...placing(checkoutId, 400n),
          acceptRecurring: { amountMinor: 5300n, currency: 'USD' },
        }),
    ),
  )
  for (const answer of answers) assert.deepEqual(answer, answers[0])
  const { rows } = await sql<{ orders: number; payments: number }>`
    select (select count(*)::int from orders where subscription_id = ${subscriptionId} and type = 'change') as orders,
           (select count(*)::int from payments p join orders o on o.id = p.order_id where o.subscription_id = ${subscriptionId} and o.type = 'change') as payments`.execute(
    shop.db,
  )
  assert.deepEqual(rows[0], { orders: 1, payments: 1 })
  // The same answer once it is done, too.
  await changes.pay(answers[0]!)
  await changes.serve(answers[0]!.id)
  assert.deepEqual(await placeOrder(changes.deps, account.actor, placing(checkoutId, 1n)), answers[0])
})

test('of two changes of one subscription at once one is ordered, the other told why not', async () => {
  for (let round = 0; round < 5; round++) {
    const { account, subscriptionId } = await changes.running(`Two at once ${round}`)
    const drafts = await Promise.all(
      [6n, 8n].map((quantity) => changes.draft(account, subscriptionId, { [STORAGE]: quantity })),
    )
    const settled = await Promise.allSettled(drafts.map((draft) => changes.place(account, draft)))
    const refused = settled.filter((each) => each.status === 'rejected').map(({ reason }) => reason.code)
    assert.deepEqual(refused, ['order_unfinished'])
  }
})

test('each step asked for again changes nothing', async () => {
  const { account, subscriptionId } = await changes.running('Again and again')
  const placed = await changes.place(account, await changes.draft(account, subscriptionId, { [STORAGE]: 9n }))
  for (let time = 0; time < 3; time++) await changes.pay(placed)
  const task = await findTaskOfOrder(shop.db, shop.store.sellerId, placed.id)
  for (let time = 0; time < 3; time++) {
    await provision(shop.db, shop.clock, shop.connectors, shop.store.sellerId, task!.id)
    await completeOrder(shop.db, shop.clock, shop.store.sellerId, placed.id)
  }
  await startPaidOrder(shop.db, shop.clock, shop.store.sellerId, placed.id)
  const state = await changes.stateOf(subscriptionId)
  assert.equal(state.grants['storage'], String(900n * GB))
  assert.equal(await count('order.completed', placed.id), 1)
  assert.equal(await count('provisioning.requested', placed.id), 1)
})

test('a request to the service that is repeated, or comes after a later one, changes no grant', async () => {
  const { account, subscriptionId } = await changes.running('Late answers')
  const asked: Parameters<NonNullable<ReturnType<typeof shop.connectors.get>>['perform']>[0][] = []
  const builtin = shop.connectors.get('builtin')!
  shop.connectors.set('builtin', {
    name: 'builtin',
    perform: (request) => {
      asked.push(request)
      return builtin.perform(request)
    },
  })
  for (const quantity of [8n, 6n]) {
    const placed = await changes.place(account, await changes.draft(account, subscriptionId, { [STORAGE]: quantity }))
    if (placed.payment) await changes.pay(placed)
    await changes.serve(placed.id)
  }
  shop.connectors.set('builtin', builtin)
  const after = await changes.stateOf(subscriptionId)
  assert.equal(after.grants['storage'], String(600n * GB))
  for (const request of [asked[1]!, asked[0]!, asked[1]!]) await builtin.perform(request)
  assert.deepEqual(await changes.stateOf(subscriptionId), after)
})

test('less costs nothing, takes effect at once, and lowers the price from the next renewal on', async () => {
  const { account, subscriptionId } = await changes.running('Shrinks')
  const more = await changes.place(account, await changes.draft(account, subscriptionId, { [STORAGE]: 10n }))
  await changes.pay(more)
  await changes.serve(more.id)
  const checkoutId = await changes.draft(account, subscriptionId, { [STORAGE]: 5n })
  const view = await changes.view(account, checkoutId)
  assert.equal(view.total.amountMinor, 0n)
  assert.equal(view.change?.needsConsent, false)
  const less = await changes.place(account, checkoutId)
  assert.equal(less.payment, null)
  await changes.serve(less.id)
  const state = await changes.stateOf(subscriptionId)
  assert.equal(state.recurring, 4900n)
  assert.equal(state.grants['storage'], String(500n * GB))
})

test('less than what is in use is refused, and the preview says so before', async () => {
  const { account, subscriptionId } = await changes.running('Full')
  const more = await changes.place(account, await changes.draft(account, subscriptionId, { [STORAGE]: 10n }))
  await changes.pay(more)
  await changes.serve(more.id)
  await createUsageIntake(shop.db, shop.clock).report(shop.operator, [
    {
      source: 'test',
      eventId: 'above',
      tenantId: account.id,
      usageName: 'storage',
      at: shop.clock.now(),
      change: { value: 620n * GB },
    },
  ])
  const checkoutId = await changes.draft(account, subscriptionId, { [STORAGE]: 6n })
  const view = await changes.view(account, checkoutId)
  assert.deepEqual(view.change?.usageAbove, [{ usageName: 'storage', used: 620n * GB, value: String(600n * GB) }])
  await assert.rejects(changes.place(account, checkoutId), { code: 'usage_above_quota', status: 409 })
  assert.equal((await changes.stateOf(subscriptionId)).quantities[STORAGE], '10')
})

test('what the balance covers is paid from it at once, and never twice', async () => {
  const { account, subscriptionId } = await changes.running('Has a balance')
  const checkoutId = await changes.draft(account, subscriptionId, { [STORAGE]: 7n })
  await assert.rejects(changes.place(account, checkoutId, { payFromBalance: true }), { code: 'balance_too_low' })
  await moveBalance(shop, account, 1000n)
  assert.equal((await changes.view(account, checkoutId)).change?.coveredByBalance, true)
  const placed = await changes.place(account, checkoutId, { payFromBalance: true })
  assert.equal(await statusOf(placed.id), 'provisioning')
  await startPaidOrder(shop.db, shop.clock, shop.store.sellerId, placed.id)
  await changes.serve(placed.id)
  assert.equal(await balance(account.id), 200n)
  assert.equal(await statusOf(placed.id), 'completed')
})

test('prices that change before it is placed are charged by nobody', async () => {
  const { account, subscriptionId } = await changes.running('Waits too long')
  const checkoutId = await changes.draft(account, subscriptionId, { [STORAGE]: 6n })
  const place = () =>
    placeOrder(changes.deps, account.actor, {
      ...placing(checkoutId, 400n),
      acceptRecurring: { amountMinor: 5300n, currency: 'USD' },
    })
  await transaction(shop.db, (tx) => setRecurringFee(tx, shop.store.sellerId, '1840', 5500n, shop.clock.now()))
  await assert.rejects(place(), {
    code: 'recurring_not_accepted',
    extra: { currentRecurring: { amount: '59.00', currency: 'USD' } },
  })
  await transaction(shop.db, (tx) => setRecurringFee(tx, shop.store.sellerId, '1840', 4900n, shop.clock.now()))
  assert.ok((await place()).payment)
})

test('a trial, pay as you go, a foreign resource and too many units are refused in words', async () => {
  const trial = await changes.running('Tries', LINK.trial, 0n)
  await assert.rejects(changes.draft(trial.account, trial.subscriptionId, { [STORAGE]: 6n }), {
    code: 'conflict',
    message: /trial/,
  })
  const metered = await changes.running('Metered', LINK.payAsYouGo, 0n)
  await assert.rejects(changes.draft(metered.account, metered.subscriptionId, { '9021': 2000n }), {
    code: 'unprocessable',
  })
  const { account, subscriptionId } = await changes.running('Curious')
  await assert.rejects(changes.draft(account, subscriptionId, { '9011': 30n }), { code: 'quantity_out_of_range' })
  await assert.rejects(changes.draft(account, subscriptionId, { [STORAGE]: 101n }), { code: 'quantity_out_of_range' })
  await assert.rejects(changes.draft(account, subscriptionId, { [STORAGE]: 4n }), { code: 'quantity_out_of_range' })
  const same = await changes.draft(account, subscriptionId, { [STORAGE]: 5n })
  assert.equal((await changes.view(account, same)).total.amountMinor, 0n)
  await assert.rejects(changes.place(account, same), { code: 'unprocessable', message: /already/ })
})

test('another customer sees neither the subscription nor the draft', async () => {
  const { account, subscriptionId } = await changes.running('Private')
  const other = await shop.customer('Nosy')
  const checkoutId = await changes.draft(account, subscriptionId, { [STORAGE]: 6n })
  await assert.rejects(changes.draft(other, subscriptionId, { [STORAGE]: 7n }), { code: 'not_found' })
  await assert.rejects(changes.view(other, checkoutId), { code: 'not_found' })
  await assert.rejects(placeOrder(changes.deps, other.actor, placing(checkoutId, 400n)), { code: 'not_found' })
})

test('what is not paid in time is cancelled, and the subscription runs on as it was', async () => {
  const { account, subscriptionId } = await changes.running('Forgets')
  const placed = await changes.place(account, await changes.draft(account, subscriptionId, { [STORAGE]: 6n }))
  await cancelOrder(shop.db, shop.clock, account.actor, {
    sellerId: shop.store.sellerId,
    orderId: placed.id,
    reason: 'test',
    byStaff: false,
  })
  assert.equal((await changes.stateOf(subscriptionId)).status, 'active')
  assert.ok(await changes.place(account, await changes.draft(account, subscriptionId, { [STORAGE]: 7n })))
})

test('what the service refuses can be retried, or cancelled with the money on the balance', async () => {
  const { account, subscriptionId } = await changes.running('Refused')
  const sellerId = shop.store.sellerId
  const placed = await changes.place(account, await changes.draft(account, subscriptionId, { [STORAGE]: 6n }))
  await changes.pay(placed)
  await failOrder(shop.db, shop.clock, sellerId, placed.id, 'No room.')
  assert.equal((await changes.stateOf(subscriptionId)).status, 'updating_failed')
  const task = await findTaskOfOrder(shop.db, sellerId, placed.id)
  await sql`update provisioning_tasks set status = 'failed' where id = ${task!.id}`.execute(shop.db)
  await retryOrder(shop.db, shop.clock, shop.operator, sellerId, placed.id)
  assert.equal((await changes.stateOf(subscriptionId)).status, 'updating')
  await failOrder(shop.db, shop.clock, sellerId, placed.id, 'Still no room.')
  await cancelOrder(shop.db, shop.clock, shop.operator, {
    sellerId,
    orderId: placed.id,
    reason: 'No room.',
    byStaff: true,
  })
  // A service that failed half way is told what there is to be.
  await changes.serveLife(subscriptionId)
  assert.equal((await changes.stateOf(subscriptionId)).status, 'active')
  assert.equal(await balance(account.id), 400n)
})

test('money that arrives for a subscription that has stopped meanwhile is the balance’s', async () => {
  const { account, subscriptionId } = await changes.running('Stopped meanwhile')
  const placed = await changes.place(account, await changes.draft(account, subscriptionId, { [STORAGE]: 6n }))
  await sql`update subscriptions set status = 'stopped' where id = ${subscriptionId}`.execute(shop.db)
  await changes.pay(placed)
  assert.equal(await statusOf(placed.id), 'cancelled')
  assert.equal(await balance(account.id), 400n)
})

test('the books are in order afterwards', async () => {
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
})
