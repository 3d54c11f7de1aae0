import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changesOf } from '../../test/harness/changes.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { actorAt, testSeller } from '../../test/harness/sellers.ts'
import { openShop } from '../../test/harness/shop.ts'
import { newId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import { DAY_MS } from '../kernel/time.ts'
import { tenantOf } from '../tenants/index.ts'
import { viewSales } from './sales-view.ts'

const shop = await openShop(await testDatabase())
const changes = changesOf(shop)
const staff: Principal = {
  ...shop.operator,
  sellerId: shop.store.sellerId,
  tenantId: tenantOf(shop.store.sellerId),
  path: shop.store.sellerPath,
}
const sales = (actor: Principal, days = 30) => viewSales(shop.db, actor, { days }, shop.clock.now())

test('an order counts when it is begun, placed, completed and paid; after its days no more', async () => {
  const before = await sales(staff)
  const { account } = await changes.running('Counts Ltd')
  const after = await sales(staff)
  assert.deepEqual(
    [after.accounts, after.checkouts, after.orders, after.paidOrders],
    [before.accounts + 1, before.checkouts + 1, before.orders + 1, before.paidOrders + 1],
  )
  const received = ({ received: sums }: typeof after) =>
    sums.find(({ currency }) => currency === 'USD')?.amountMinor ?? 0n
  assert.equal(received(after) - received(before), 4900n)
  // The customer’s own people count what is theirs.
  assert.deepEqual(await sales(account.actor), {
    ...after,
    accounts: 1,
    checkouts: 1,
    orders: 1,
    paidOrders: 1,
    received: [{ amountMinor: 4900n, currency: 'USD' }],
  })
  shop.clock.advance(31 * DAY_MS)
  assert.deepEqual(await sales(staff), { days: 30, accounts: 0, checkouts: 0, orders: 0, paidOrders: 0, received: [] })
  assert.equal((await sales(staff, 60)).orders, after.orders)
})

test('another reseller, and a manager to whom nobody is credited, count nothing', async () => {
  const other = await testSeller(shop.db, shop.clock, 'other.example')
  const nothing = { days: 60, accounts: 0, checkouts: 0, orders: 0, paidOrders: 0, received: [] }
  assert.deepEqual(await sales(actorAt(other.tenant), 60), nothing)
  assert.deepEqual(await sales({ ...staff, onlyManagerId: newId() }, 60), nothing)
})
