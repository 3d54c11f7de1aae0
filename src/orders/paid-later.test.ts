import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changesOf } from '../../test/harness/changes.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { openShop } from '../../test/harness/shop.ts'
import type { TenantId } from '../kernel/ids.ts'
import { DAY_MS } from '../kernel/time.ts'
import { balancesOf } from '../ledger/index.ts'
import { undoChange } from './undo-change.ts'

const STORAGE = '9001'
const shop = await openShop(await testDatabase())
const changes = changesOf(shop)
const balance = async (id: TenantId) => (await balancesOf(shop.db, shop.store.sellerId, [id])).get(id) ?? 0n

test('a change that is paid days later costs what is left of the period; taken back, all of it comes back once', async () => {
  const { account, subscriptionId } = await changes.running('Pays later')
  const checkoutId = await changes.draft(account, subscriptionId, { [STORAGE]: 15n })
  const { days } = (await changes.view(account, checkoutId)).change!.period
  const placed = await changes.place(account, checkoutId)
  assert.equal(placed.total.amountMinor, 4000n)
  shop.clock.advance(5 * DAY_MS)
  for (let time = 0; time < 2; time++) await changes.pay(placed)
  const missed = 4000n - BigInt(Math.round((4000 * (days - 5)) / days))
  assert.equal(await balance(account.id), missed)
  await changes.serve(placed.id)
  const reversal = await undoChange(shop.db, shop.clock, shop.operator, shop.store.sellerId, placed.id)
  await changes.serve(reversal)
  assert.equal(await balance(account.id), 4000n)
})
