import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { period, plan, resource } from '../../test/harness/catalog-values.ts'
import { decimal } from '../kernel/decimal.ts'
import { resalePrices } from './resale-prices.ts'

const above = plan({
  periods: [period('1', { recurringFeeMinor: 4900n, setupFeeMinor: 1000n }), period('2', { trial: true })],
  resources: [resource('9', { recurringFeeMinor: 333n, unitPrice: decimal('0.004') })],
})
const step = (rest: Partial<Parameters<typeof resalePrices>[1]> = {}) => ({
  markupBasisPoints: 0,
  exchangeRate: decimal('1'),
  addedDigits: 0,
  fixedPrices: {},
  ...rest,
})

test('says of each price what it costs and what it is sold for; prices of nothing are left out', () => {
  const prices = resalePrices(
    above,
    step({ markupBasisPoints: 1000, exchangeRate: decimal('0.92'), fixedPrices: { 'period:1:recurring': '4500' } }),
    'EUR',
  )
  assert.deepEqual(
    prices.map(({ key, netCost, computed, price, fixed, belowCost }) => [
      key,
      netCost,
      computed,
      price,
      fixed,
      belowCost,
    ]),
    [
      ['period:1:setup', '9.20', '10.12', '10.12', false, false],
      ['period:1:recurring', '45.08', '49.59', '45.00', true, true],
      ['resource:9:recurring', '3.06', '3.37', '3.37', false, false],
      ['resource:9:unit_price', '0.00368', '0.004048', '0.004048', false, false],
    ],
  )
})

test('a unit price below cost is seen to its last digit', () => {
  const unitPrice = (fixed: string) =>
    resalePrices(above, step({ fixedPrices: { 'resource:9:unit_price': fixed } }), 'USD').at(-1)?.belowCost
  assert.deepEqual([unitPrice('0.004'), unitPrice('0.0040'), unitPrice('0.003999999')], [false, false, true])
})

test('a markup alone never sells below cost, whatever the rate', () => {
  fc.assert(
    fc.property(fc.nat(50_000), fc.integer({ min: 1, max: 9_999_999 }), fc.nat(9_999_999), (markup, rate, fee) => {
      const prices = resalePrices(
        plan({ periods: [period('1', { recurringFeeMinor: BigInt(fee) })] }),
        step({ markupBasisPoints: markup, exchangeRate: { units: BigInt(rate), scale: 4 } }),
        'USD',
      )
      assert.ok(prices.every(({ belowCost }) => !belowCost))
    }),
  )
})
