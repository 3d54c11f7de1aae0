import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { changesOf } from '../../test/harness/changes.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { openShop, type Shop } from '../../test/harness/shop.ts'
import type { TenantId } from '../kernel/ids.ts'
import { balancesOf, verifyLedger } from '../ledger/index.ts'
import { completeOrder } from './index.ts'
import { undoChange } from './undo-change.ts'

let shop: Shop
before(async () => {
  shop = await openShop(await testDatabase())
  await sql`update plans set payment_models = '{prepay,postpay}' where id = 425`.execute(shop.db)
  await sql`update account_classes set payment_model = 'postpay', hold_threshold_minor = -100000, subzero_period_days = -1`.execute(
    shop.db,
  )
  await shop.catalog.refresh(shop.store.sellerId)
})

const balance = async (id: TenantId) => (await balancesOf(shop.db, shop.store.sellerId, [id])).get(id) ?? 0n

test('what is paid afterwards is owed once it is there, and no longer once it is taken back', async () => {
  const changes = changesOf(shop)
  const { account, subscriptionId, salesOrder } = await changes.running('Pays afterwards')
  assert.equal(salesOrder.payment, null)
  assert.equal(await balance(account.id), -4900n)
  await completeOrder(shop.db, shop.clock, shop.store.sellerId, salesOrder.id)
  assert.equal(await balance(account.id), -4900n)

  const change = await changes.place(account, await changes.draft(account, subscriptionId, { '9001': 6n }))
  assert.equal(await balance(account.id), -4900n)
  await changes.serve(change.id)
  assert.equal(await balance(account.id), -5300n)

  const reversal = await undoChange(shop.db, shop.clock, shop.operator, shop.store.sellerId, change.id)
  await changes.serve(reversal)
  await changes.serve(reversal)
  assert.equal(await balance(account.id), -4900n)
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
})
