import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { changesOf } from '../../test/harness/changes.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { assertDocuments } from '../../test/harness/documents.ts'
import { type Place, resellerShop } from '../../test/harness/reseller-shop.ts'
import { openShop, placing, type Shop } from '../../test/harness/shop.ts'
import { createSeller } from '../accounts/index.ts'
import { replaceTaxRates } from '../catalog/index.ts'
import { saveDelegation } from '../catalog/delegate.ts'
import { issueStatements } from '../cost-statements/index.ts'
import { getStatement, listStatements } from '../cost-statements/statements-view.ts'
import { findInvoiceView, listInvoices } from '../invoices/invoice-view.ts'
import { issueMissing } from '../invoices/index.ts'
import { verifyLedger } from '../ledger/index.ts'
import { createCheckout } from './create-checkout.ts'
import { findOrderView } from './order-view.ts'
import { placeOrder } from './place-order.ts'
import type { OrderSnapshot } from './schema.ts'

/**
 * Northwind (USD) lets Upper (EUR) sell at 0.9234 with a markup of 12.5 %, and that Lower (JPY, without minor digits) at
 * 163.4125 with 20 %, but for the month, for which Lower has a price of its own. By hand: of 49.00 + 3 × 2.50 + 9.00
 *
 * - Upper pays 45.25 + 3 × 2.31 + 8.31 EUR and asks 50.90 + 3 × 2.60 + 9.35;
 * - Lower pays 8318 + 3 × 425 + 1528 yen for that, and asks 9900 + 3 × 510 + 1833.
 */
const MARKUPS = {
  upper: { markupBasisPoints: 1250, exchangeRate: '0.9234' },
  lower: { markupBasisPoints: 2000, exchangeRate: '163.4125' },
}
const OWN_PRICES = { 'period:1840:recurring': '9900' }
const TAXES = [
  { country: '*', customerType: '*', name: 'Duty', basisPoints: 500, reverseCharge: false },
  { country: 'DE', customerType: '*', name: 'MwSt', basisPoints: 1900, reverseCharge: true },
  { country: 'FR', customerType: 'person', name: 'TVA', basisPoints: 2000, reverseCharge: false },
  { country: 'FR', customerType: 'business', name: 'TVA', basisPoints: 550, reverseCharge: true },
] as const

const MONTH = { periodId: '1840', net: [9900n, 1530n, 1833n], costs: { lower: 11_121n, upper: 6049n } }
const YEAR = { periodId: '1841', net: [110_004n, 18_360n, 21_996n], costs: { lower: 125_316n, upper: 68_148n } }
const german = { country: 'DE' }
const french = { country: 'FR' }

const CASES: readonly { name: string; place: Place; term: typeof MONTH; tax: readonly bigint[]; taxName: string }[] = [
  { name: 'a German business', place: german, term: MONTH, tax: [1881n, 291n, 348n], taxName: 'MwSt' },
  {
    name: 'a German business with a VAT id',
    place: { ...german, vatId: 'DE123456789' },
    term: MONTH,
    tax: [0n, 0n, 0n],
    taxName: 'Reverse charge',
  },
  {
    name: 'a German person',
    place: { ...german, customerType: 'person' },
    term: YEAR,
    tax: [20_901n, 3488n, 4179n],
    taxName: 'MwSt',
  },
  {
    name: 'a French person',
    place: { ...french, customerType: 'person' },
    term: YEAR,
    tax: [22_001n, 3672n, 4399n],
    taxName: 'TVA',
  },
  { name: 'a French business', place: french, term: MONTH, tax: [545n, 84n, 101n], taxName: 'TVA' },
  { name: 'a business elsewhere', place: { country: 'JP' }, term: MONTH, tax: [495n, 77n, 92n], taxName: 'Duty' },
]

const sum = (parts: readonly bigint[]) => parts.reduce((total, part) => total + part, 0n)
const link = (periodId: string) =>
  `?I[plan_id]=425&I[plan_period_id]=${periodId}&I[resources][][id]=9002&I[resources][][quantity]=13&I[resources][][id]=9003&I[resources][][quantity]=2&I[type]=application`.replaceAll(
    'I[',
    'shopping_cart_items[][',
  )

let shop: Shop
let store: Awaited<ReturnType<typeof resellerShop>>
const sellers: Record<string, string> = {}
before(async () => {
  shop = await openShop(await testDatabase())
  const upper = await createSeller(shop.db, shop.clock, shop.operator, {
    parentId: shop.store.sellerId as never,
    name: 'Upper',
    currency: 'EUR',
  })
  const lower = await createSeller(shop.db, shop.clock, shop.operator, {
    parentId: upper.id,
    name: 'Lower',
    currency: 'JPY',
  })
  Object.assign(sellers, { [upper.id]: 'upper', [lower.id]: 'lower' })
  const sell = { planId: '425' }
  await saveDelegation(shop.db, shop.clock, shop.operator, { ...sell, sellerId: upper.id, ...MARKUPS.upper })
  await saveDelegation(shop.db, shop.clock, shop.operator, {
    ...sell,
    sellerId: lower.id,
    ...MARKUPS.lower,
    fixedPrices: OWN_PRICES,
  })
  await replaceTaxRates(shop.db, shop.clock, shop.operator, lower.sellerId, TAXES)
  store = await resellerShop(shop, lower)
})

describe('sold on twice, over two rates of exchange, an order of', () => {
  for (const { name, place, term, tax, taxName } of CASES)
    test(`${name} costs, line by line, what is worked out by hand, at every level`, async () => {
      const changes = changesOf({ ...shop, ...store })
      const account = await store.customer(name, place)
      const about = {
        accountId: account.id,
        storeId: store.store.storeId,
        link: link(term.periodId),
        cookieKey: null,
        idempotencyKey: null,
      }
      const checkoutId = await createCheckout(store, account.actor, about)
      const total = { amountMinor: sum(term.net) + sum(tax), currency: 'JPY' }
      const draft = await changes.view(account, checkoutId)
      const order = await placeOrder(changes.deps, account.actor, { ...placing(checkoutId, 0n), expectedTotal: total })
      const placed = await findOrderView(shop.db, account.actor, order.id)
      assert.ok(placed)
      await changes.pay(order)
      await changes.serve(order.id)
      await issueMissing(shop.db, shop.clock)
      const { items } = await listInvoices(shop.db, account.actor, { limit: 10 }, shop.clock.now())
      const invoice = await findInvoiceView(shop.db, account.actor, items[0]?.id ?? '', shop.clock.now())
      assert.ok(invoice && items.length === 1)
      for (const { lines, ...seen } of [draft, placed, invoice]) {
        const ofLines = lines.map((line) => [line.net.amountMinor, line.tax.amountMinor])
        assert.deepEqual(
          ofLines,
          term.net.map((net, index) => [net, tax[index]]),
        )
        assert.deepEqual([seen.net.amountMinor, seen.tax.amountMinor], [sum(term.net), sum(tax)])
        assert.deepEqual([seen.total, seen.taxName], [total, taxName])
      }
      const { rows } = await sql<{
        snapshot: OrderSnapshot
      }>`select snapshot from orders where id = ${order.id}`.execute(shop.db)
      assert.deepEqual(
        rows[0]?.snapshot.net_costs?.map((cost) => [sellers[cost.reseller_id], cost.currency, BigInt(cost.net_minor)]),
        [
          ['lower', 'JPY', term.costs.lower],
          ['upper', 'EUR', term.costs.upper],
        ],
      )
    })
})

test('what those above state for the month is the sum of these orders, tax left out', async () => {
  shop.clock.set('2026-05-01T00:00:00Z')
  await issueStatements(shop.db, shop.clock)
  const { items } = await listStatements(shop.db, shop.operator, { limit: 10 })
  assert.equal(items.length, 2)
  for (const { id } of items) {
    const { reseller, cost, sales, lines } = await getStatement(shop.db, shop.operator, id)
    const level = sellers[reseller.id] as 'upper' | 'lower'
    assert.equal(cost.amountMinor, sum(CASES.map(({ term }) => term.costs[level])))
    assert.equal(sales.amountMinor, level === 'lower' ? sum(CASES.flatMap(({ term }) => term.net)) : 0n)
    assert.equal(cost.amountMinor, sum(lines.map((line) => line.cost.amountMinor)))
  }
  await assertDocuments(shop.pool)
  assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, [])
})
