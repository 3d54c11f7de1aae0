import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { openShop, type Shop } from '../../test/harness/shop.ts'
import { createSeller } from '../accounts/index.ts'
import type { SellerId } from '../kernel/ids.ts'
import { systemActor, tenantOf } from '../tenants/index.ts'
import { belowCostOf } from './discount-cost.ts'
import { saveDelegation } from './delegate.ts'
import { type DiscountDraft, saveDiscount } from './save-discount.ts'
import { setBelowCost } from './set-below-cost.ts'

const PLAN = '425'
const MONTHLY = 'period:1840:recurring'

let shop: Shop
/** Northwind sells to `upper`, and that to `lower`: 49.00, 58.80 and 64.68 a month. */
let upper: SellerId
let lower: SellerId
before(async () => {
  shop = await openShop(await testDatabase())
  const sell = async (name: string, above: SellerId, markupBasisPoints: number): Promise<SellerId> => {
    const made = await createSeller(shop.db, shop.clock, shop.operator, {
      parentId: tenantOf(above),
      name,
      currency: 'USD',
    })
    await saveDelegation(shop.db, shop.clock, shop.operator, { planId: PLAN, sellerId: made.id, markupBasisPoints })
    return made.sellerId
  }
  upper = await sell('Upper', shop.store.sellerId, 2000)
  lower = await sell('Lower', upper, 1000)
})

const price = (sellerId: SellerId, amount: string) =>
  saveDelegation(shop.db, shop.clock, shop.operator, {
    planId: PLAN,
    sellerId: tenantOf(sellerId),
    fixedPrices: { [MONTHLY]: amount },
  })
const discount = (sellerId: SellerId, rest: Partial<DiscountDraft>) =>
  saveDiscount(shop.db, shop.clock, shop.operator, {
    sellerId,
    draft: () => ({
      name: 'Sale',
      needsCode: true,
      off: { kind: 'percent', basisPoints: 1000 },
      fees: ['setup', 'recurring', 'renewal'],
      periods: 1,
      productIds: [],
      planIds: [],
      planPeriodIds: ['1840'],
      accountIds: [],
      ownedPlanIds: [],
      startsAt: null,
      endsAt: null,
      active: true,
      ...rest,
    }),
  })
const set = (sellerId: SellerId, belowCost: 'warn' | 'refuse') =>
  setBelowCost(shop.db, shop.clock, shop.operator, sellerId, belowCost)
const refused = { code: 'unprocessable', message: /below net cost/ }

test('a price below net cost is refused at each level where it, or the one it buys from, has set that', async () => {
  await price(lower, '50.00')
  await set(lower, 'refuse')
  await assert.rejects(price(lower, '58.79'), refused)
  await price(lower, '58.80')
  await set(lower, 'warn')
  await price(lower, '58.79')
  await set(upper, 'refuse')
  await assert.rejects(price(lower, '58.00'), refused)
  await assert.rejects(price(upper, '48.99'), refused)
  await set(upper, 'warn')
  await set(shop.store.sellerId, 'refuse')
  // Two levels below, it is another's sale.
  await price(lower, '40.00')
  await assert.rejects(price(upper, '48.99'), refused)
  await set(shop.store.sellerId, 'warn')
  await saveDelegation(shop.db, shop.clock, shop.operator, { planId: PLAN, sellerId: tenantOf(lower), fixedPrices: {} })
})

for (const { name, off, isBelow } of [
  { name: '10 % off a margin of 10 %', off: { kind: 'percent', basisPoints: 1000 }, isBelow: true },
  { name: '9 % off a margin of 10 %', off: { kind: 'percent', basisPoints: 909 }, isBelow: false },
  { name: 'the whole margin', off: { kind: 'amount', amountMinor: 588n }, isBelow: false },
  { name: 'a cent more than the margin', off: { kind: 'amount', amountMinor: 589n }, isBelow: true },
] as const)
  test(`a discount of ${name} is ${isBelow ? 'warned of, or refused by setting' : 'neither warned of nor refused'}`, async () => {
    await set(lower, 'warn')
    const saved = await discount(lower, { off })
    const { problems } = await belowCostOf(shop.db, lower, saved)
    assert.equal(problems.length, isBelow ? 1 : 0)
    for (const level of [lower, upper]) {
      await set(level, 'refuse')
      if (isBelow) await assert.rejects(discount(lower, { off }), refused)
      else await discount(lower, { off })
      // What is off sells nothing.
      await discount(lower, { off, active: false })
      await set(level, 'warn')
    }
  })

test('whoever owns the plan buys it from nobody: no discount of theirs is below cost', async () => {
  await set(shop.store.sellerId, 'refuse')
  await discount(shop.store.sellerId, { off: { kind: 'percent', basisPoints: 10_000 } })
  await set(shop.store.sellerId, 'warn')
})

test('an actor of the lower level sees and sets its own prices by the same rule', async () => {
  const path = (
    await shop.db.selectFrom('tenants').where('id', '=', tenantOf(lower)).select('path').executeTakeFirstOrThrow()
  ).path
  const actor = systemActor(lower, tenantOf(lower), path, 'test')
  await set(upper, 'refuse')
  await assert.rejects(
    saveDelegation(shop.db, shop.clock, actor, {
      planId: PLAN,
      sellerId: tenantOf(lower),
      fixedPrices: { [MONTHLY]: '1.00' },
    }),
    refused,
  )
})
