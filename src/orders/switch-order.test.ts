import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { changesOf } from '../../test/harness/changes.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { openShop, type Shop } from '../../test/harness/shop.ts'
import { DAY_MS } from '../kernel/time.ts'
import { balancesOf, verifyLedger } from '../ledger/index.ts'
import { undoChange } from './undo-change.ts'

const GB = 1_073_741_824n
const STORAGE = '9001'

let shop: Shop
let changes: ReturnType<typeof changesOf>
before(async () => {
  shop = await openShop(await testDatabase())
  changes = changesOf(shop)
})

const balance = async (accountId: string): Promise<bigint> =>
  (await balancesOf(shop.db, shop.store.sellerId, [accountId])).get(accountId) ?? 0n

test('a switch to a larger plan credits the unused days, maps the resources and begins a new period', async () => {
  const { account, subscriptionId } = await changes.running('Moves up')
  shop.clock.advance(10 * DAY_MS)
  const checkoutId = await changes.draftSwitch(account, subscriptionId, '426', '1850')
  const view = await changes.view(account, checkoutId)
  const { days, daysLeft } = await (async () => {
    const { rows } = await sql<{ days: number }>`
      select (period_ends_at at time zone 'utc')::date - (period_starts_at at time zone 'utc')::date as days
        from subscriptions where id = ${subscriptionId}`.execute(shop.db)
    return { days: rows[0]!.days, daysLeft: rows[0]!.days - 10 }
  })()
  assert.equal(view.total.amountMinor, 14_900n - BigInt(Math.round((4900 * daysLeft) / days)))
  assert.equal(view.change?.needsConsent, true)
  const placed = await changes.place(account, checkoutId)
  assert.deepEqual(placed.payment?.total, view.total)
  await changes.pay(placed)
  await changes.serve(placed.id)
  const state = await changes.stateOf(subscriptionId)
  assert.equal(state.status, 'active')
  assert.equal(state.recurring, 14_900n)
  assert.equal(state.grants['storage'], String(2000n * GB))
  assert.equal(state.grants['workstations'], '50')
  assert.deepEqual(Object.keys(state.quantities), ['9011', '9012', '9013', '9014', '9015'])
  const { rows } = await sql<{ plan: string; name: string; starts: Date }>`
    select plan_id::text as plan, name, period_starts_at as starts from subscriptions where id = ${subscriptionId}`.execute(
    shop.db,
  )
  assert.deepEqual(rows[0], { plan: '426', name: 'Backup Enterprise', starts: shop.clock.now() })
  await assert.rejects(changes.draftSwitch(account, subscriptionId, '425', '1840'), { code: 'unprocessable' })
})

test('a change is taken back by an order of its own, its grant and its price fall, its money is balance, once', async () => {
  const { account, subscriptionId } = await changes.running('Regrets')
  const sellerId = shop.store.sellerId
  const placed = await changes.place(account, await changes.draft(account, subscriptionId, { [STORAGE]: 9n }))
  await assert.rejects(undoChange(shop.db, shop.clock, shop.operator, sellerId, placed.id), { code: 'conflict' })
  await changes.pay(placed)
  await changes.serve(placed.id)
  const undone = await Promise.all(
    [1, 2, 3].map(() => undoChange(shop.db, shop.clock, shop.operator, sellerId, placed.id)),
  )
  assert.equal(new Set(undone).size, 1)
  assert.equal((await changes.stateOf(subscriptionId)).status, 'updating')
  for (let time = 0; time < 2; time++) await changes.serve(undone[0]!)
  const state = await changes.stateOf(subscriptionId)
  assert.equal(state.status, 'active')
  assert.equal(state.recurring, 4900n)
  assert.equal(state.grants['storage'], String(500n * GB))
  assert.equal(await balance(account.id), 1600n)
  assert.equal(await undoChange(shop.db, shop.clock, shop.operator, sellerId, placed.id), undone[0])
  await assert.rejects(undoChange(shop.db, shop.clock, shop.operator, sellerId, undone[0]!), { code: 'conflict' })
})

test('the books are in order afterwards', async () => {
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
})
