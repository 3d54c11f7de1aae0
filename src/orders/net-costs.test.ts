import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { period, plan, resource } from '../../test/harness/catalog-values.ts'
import { costsOf, resell } from '../catalog/plan-rows.ts'
import { monthlyOf, priceOrder } from '../catalog/rules.ts'
import type { Plan } from '../catalog/schema.ts'
import { decimal } from '../kernel/decimal.ts'
import type { SellerId } from '../kernel/ids.ts'
import { netCostsOf } from './net-costs.ts'

const [OWNER, MIDDLE, LOWER] = ['owner', 'middle', 'lower'] as unknown as [SellerId, SellerId, SellerId]
const own = plan({
  periods: [
    period('1', { recurringFeeMinor: 4900n, setupFeeMinor: 1000n, duration: { value: 1, unit: 'months' } }),
    period('2', { recurringFeeMinor: 4500n, duration: { value: 1, unit: 'years' } }),
  ],
  resources: [resource('9', { included: 5n, recurringFeeMinor: 333n, setupFeeMinor: 100n })],
})

/** Sold to Middle in yen at 150, and by it a tenth dearer to Lower, which sells at prices of its own in dollars. */
const chain = (from: Plan, fixedPrices: Readonly<Record<string, string>> = {}) => {
  const steps = [
    {
      resellerId: MIDDLE,
      supplierId: OWNER,
      currency: 'JPY',
      markupBasisPoints: 1000,
      exchangeRate: decimal('150'),
      addedDigits: -2,
      fixedPrices: {},
    },
    {
      resellerId: LOWER,
      supplierId: MIDDLE,
      currency: 'USD',
      markupBasisPoints: 2000,
      exchangeRate: decimal('0.0067'),
      addedDigits: 2,
      fixedPrices,
    },
  ]
  return { ...steps.reduce(resell, from), costs: costsOf(from, steps) }
}
const sold = chain(own, { 'period:1:recurring': '9900' })
const linesOf = (of: Plan, periodId: string, quantity: bigint) => {
  const found = of.periods.find(({ id }) => id === periodId)
  assert.ok(found)
  return { period: found, lines: priceOrder(of, found, new Map([['9', quantity]]), 'USD', 0).lines }
}
const shown = (costs: ReturnType<typeof netCostsOf>) =>
  costs.map((cost) => [cost.reseller_id, cost.supplier_id, cost.currency, cost.net_minor].join(' '))

test('an order costs each on the way down what the one above asks, whatever it is sold for', () => {
  const { period: month, lines } = linesOf(sold, '1', 7n)
  // 7350 + 1500 + 2 × (500 + 150) yen; of 8085, 1650, 549 and 165 yen 54.17 + 11.06 + 2 × (3.68 + 1.11).
  assert.deepEqual(shown(netCostsOf(sold, month, lines)), ['lower middle USD 7481', 'middle owner JPY 10150'])
})

test('a plan of the seller’s own and a trial cost nothing', () => {
  const { period: month, lines } = linesOf(sold, '1', 7n)
  assert.deepEqual(netCostsOf(own, month, lines), [])
  assert.deepEqual(netCostsOf(sold, { trial: true }, lines), [])
})

test('discounts and kept prices are the seller’s own: they take nothing off', () => {
  const { period: month, lines } = linesOf(sold, '1', 7n)
  const [first] = lines
  assert.ok(first)
  const given = { ...first, unitMinor: -5000n, netMinor: -5000n, taxMinor: 0n }
  const less = [...lines, { ...given, kind: 'discount' as const }, { ...given, kind: 'period_kept' as const }]
  assert.deepEqual(netCostsOf(sold, month, less), netCostsOf(sold, month, lines))
})

test('of a switch the unused months of the plan that is left are credited at the prices above', () => {
  const { period: year, lines } = linesOf(sold, '2', 5n)
  const months = { numerator: 1n, denominator: 2n }
  const left = { plan: sold, planPeriodId: '1', quantities: new Map([['9', 7n]]), months }
  const [cost] = sold.costs
  const month = cost?.periods.find(({ id }) => id === '1')
  assert.ok(cost && month)
  const [whole, credited] = [netCostsOf(sold, year, lines), netCostsOf(sold, year, lines, left)]
  const monthly = monthlyOf({ ...sold, ...cost }, month, new Map([['9', 7n]]))
  const difference = BigInt(whole[0]?.net_minor ?? 0) - BigInt(credited[0]?.net_minor ?? 0)
  assert.ok(difference === monthly / 2n || difference === monthly / 2n + 1n)
})

test('sold on without a markup at a rate of one, an order costs what it is sold for', () => {
  const step = {
    resellerId: LOWER,
    supplierId: OWNER,
    currency: 'USD',
    markupBasisPoints: 0,
    exchangeRate: decimal('1'),
    addedDigits: 0,
    fixedPrices: {},
  }
  const plain = { ...resell(own, step), costs: costsOf(own, [step]) }
  fc.assert(
    fc.property(fc.constantFrom('1', '2'), fc.bigInt({ min: 5n, max: 5000n }), (periodId, quantity) => {
      const { period: of, lines } = linesOf(plain, periodId, quantity)
      const net = lines.reduce((sum, line) => sum + line.netMinor, 0n)
      assert.equal(netCostsOf(plain, of, lines)[0]?.net_minor, net.toString())
    }),
  )
})
