import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { anyPlan, period, plan, resource } from '../../test/harness/catalog-values.ts'
import { decimal } from '../kernel/decimal.ts'
import {
  checkQuantities,
  hasResourceFees,
  isOrderable,
  markUp,
  priceOrder,
  takesTopup,
  taxRateFor,
  type QuoteLine,
} from './rules.ts'
import type { Duration, Plan, PlanPeriod, TaxRate } from './schema.ts'

const days = (value: number): Duration => ({ value, unit: 'days' })
const years = (value: number): Duration => ({ value, unit: 'years' })

const lineOf = ({ kind, itemId, quantity, netMinor, taxMinor }: QuoteLine) => ({
  kind,
  itemId,
  quantity,
  netMinor,
  taxMinor,
})

describe('the price of an order', () => {
  const sold = plan({
    resources: [
      resource('1', { included: 5n, minimum: 5n, setupFeeMinor: 150n, recurringFeeMinor: 333n, renewalFeeMinor: 10n }),
      resource('2', { kind: 'boolean', recurringFeeMinor: 99n }),
    ],
  })
  const monthly = period('7', { setupFeeMinor: 1000n, recurringFeeMinor: 4900n, renewalFeeMinor: 55n })
  const priced = (quantities: Record<string, bigint>, at: PlanPeriod = monthly, basisPoints = 0, of: Plan = sold) =>
    priceOrder(of, at, new Map(Object.entries(quantities)), 'USD', basisPoints)

  test('charges fees of the period, and of a resource for what exceeds the included', () =>
    assert.deepEqual(priced({ '1': 8n, '2': 1n }, monthly, 1900).lines.map(lineOf), [
      { kind: 'period_setup', itemId: '7', quantity: 1n, netMinor: 1000n, taxMinor: 190n },
      { kind: 'period_recurring', itemId: '7', quantity: 1n, netMinor: 4900n, taxMinor: 931n },
      { kind: 'resource_setup', itemId: '1', quantity: 3n, netMinor: 450n, taxMinor: 86n },
      { kind: 'resource_recurring', itemId: '1', quantity: 3n, netMinor: 999n, taxMinor: 190n },
      { kind: 'resource_recurring', itemId: '2', quantity: 1n, netMinor: 99n, taxMinor: 19n },
    ]))
  test('ordering 15 of what has 10 included and a minimum of 15 charges 5', () => {
    const [, line] = priced(
      { '1': 15n },
      period('7'),
      0,
      plan({ resources: [resource('1', { included: 10n, minimum: 15n, recurringFeeMinor: 100n })] }),
    ).lines
    assert.deepEqual(line && { quantity: line.quantity, netMinor: line.netMinor }, { quantity: 5n, netMinor: 500n })
  })
  test('takes the minimum of what is not named', () => assert.equal(priced({}).netMinor, 5900n))
  test('says the period even where it is free, and nothing else that is', () =>
    assert.deepEqual(
      priced({}, period('7')).lines.map(({ kind }) => kind),
      ['period_recurring'],
    ))
  test('tax is rounded half up for each line, not for the sum', () => {
    const of = plan({
      resources: [
        resource('1', { recurringFeeMinor: 5n, minimum: 1n }),
        resource('2', { recurringFeeMinor: 5n, minimum: 1n }),
      ],
    })
    const quote = priced({}, period('7', { recurringFeeMinor: 5n }), 1000, of)
    assert.deepEqual(
      quote.lines.map((line) => line.taxMinor),
      [1n, 1n, 1n],
    )
    assert.deepEqual([quote.netMinor, quote.taxMinor, quote.totalMinor], [15n, 3n, 18n])
  })
  for (const { name, duration, netMinor } of [
    { name: 'a year is 12 months', duration: years(1), netMinor: 58_800n },
    { name: 'two years are 24', duration: years(2), netMinor: 117_600n },
    { name: '14 days are 14/30 of a month, rounded half up: 2286.67', duration: days(14), netMinor: 2287n },
    { name: '45 days are a month and a half', duration: days(45), netMinor: 7350n },
    { name: 'endless is a month', duration: null, netMinor: 4900n },
  ])
    test(name, () => assert.equal(priced({}, period('7', { duration, recurringFeeMinor: 4900n })).netMinor, netMinor))

  test('a trial is free, and nothing is said to recur', () => {
    const quote = priced({ '1': 8n }, { ...monthly, trial: true }, 1900)
    assert.deepEqual(quote, {
      currency: 'USD',
      lines: [],
      netMinor: 0n,
      taxMinor: 0n,
      totalMinor: 0n,
      recurringMinor: null,
      renewalMinor: null,
    })
  })
  test('pay as you go is charged by use: its order is 0', () => {
    for (const billingType of ['pay_as_you_go_internal', 'pay_as_you_go_external'] as const) {
      const quote = priced({ '1': 8n }, monthly, 1900, { ...sold, billingType })
      assert.deepEqual([quote.lines, quote.totalMinor, quote.recurringMinor, quote.renewalMinor], [[], 0n, null, null])
    }
  })
  test('a renewal costs the recurring and the renewal fees, each with its tax, and no setup', () => {
    const quote = priced({ '1': 8n }, monthly, 1900)
    // 4900 + 999 + 55 + 3 × 10, with 931 + 190 + 10 (10.45) + 6 (5.7) of tax
    assert.equal(quote.renewalMinor, 4900n + 999n + 55n + 30n + 931n + 190n + 10n + 6n)
    assert.equal(quote.recurringMinor, 4900n + 999n)
  })
  test('what a short period rounds to nothing still recurs', () => {
    const quote = priced(
      { '1': 1n },
      period('7', { duration: days(1), recurringFeeMinor: 30n }),
      0,
      plan({ resources: [resource('1', { recurringFeeMinor: 1n })] }),
    )
    assert.deepEqual([quote.netMinor, quote.recurringMinor], [1n, 31n])
  })
  test('lines, tax and total always agree, and nothing is negative', () => {
    fc.assert(
      fc.property(
        anyPlan,
        fc.integer({ min: 0, max: 10_000 }),
        fc.array(fc.bigInt({ min: 0n, max: 10_000n }), { maxLength: 4 }),
        ({ plan, period }, basisPoints, amounts) => {
          const quantities = new Map(plan.resources.map((each, at) => [each.id, each.minimum + (amounts[at] ?? 0n)]))
          const quote = priceOrder(plan, period, quantities, 'USD', basisPoints)
          const sum = (pick: (line: QuoteLine) => bigint) => quote.lines.reduce((total, line) => total + pick(line), 0n)
          assert.equal(
            quote.netMinor,
            sum((line) => line.netMinor),
          )
          assert.equal(
            quote.taxMinor,
            sum((line) => line.taxMinor),
          )
          assert.equal(quote.totalMinor, quote.netMinor + quote.taxMinor)
          for (const { unitMinor, quantity, months, netMinor, taxMinor } of quote.lines) {
            // Half up, said without dividing: 2·exact − 1 < 2·rounded − … and no cent further.
            const exact = unitMinor * quantity * months.numerator
            assert.ok(2n * netMinor * months.denominator - 2n * exact <= months.denominator)
            assert.ok(2n * exact - 2n * netMinor * months.denominator < months.denominator)
            assert.ok(2n * taxMinor * 10_000n - 2n * netMinor * BigInt(basisPoints) <= 10_000n)
            assert.ok(2n * netMinor * BigInt(basisPoints) - 2n * taxMinor * 10_000n < 10_000n)
            assert.ok(netMinor >= 0n && taxMinor >= 0n && quantity >= 0n)
          }
        },
      ),
    )
  })
  test('more of a resource never costs less', () => {
    fc.assert(
      fc.property(
        anyPlan,
        fc.bigInt({ min: 0n, max: 999n }),
        fc.bigInt({ min: 0n, max: 999n }),
        ({ plan, period }, a, b) => {
          const total = (more: bigint) =>
            priceOrder(plan, period, new Map(plan.resources.map((each) => [each.id, each.minimum + more])), 'USD', 1900)
              .totalMinor
          assert.ok(total(a) <= total(a + b))
        },
      ),
    )
  })
})

describe('the tax rate', () => {
  const rate = (country: string, customerType: TaxRate['customerType']): TaxRate => ({
    country,
    customerType,
    name: `${country} ${customerType}`,
    basisPoints: 1,
    reverseCharge: country === 'DE',
  })
  const all = [rate('*', '*'), rate('*', 'business'), rate('DE', '*'), rate('DE', 'person')]
  for (const [country, customerType, name] of [
    ['DE', 'person', 'DE person'],
    ['DE', 'business', 'DE *'],
    ['FR', 'business', '* business'],
    ['FR', 'person', '* *'],
    [null, 'business', '* business'],
  ] as const)
    test(`${country} ${customerType} → ${name}`, () => {
      assert.equal(taxRateFor(all, { country, customerType, vatId: '' })?.name, name)
      assert.equal(taxRateFor(all.toReversed(), { country, customerType, vatId: '' })?.name, name)
    })
  test('none is listed: none', () =>
    assert.equal(taxRateFor([rate('DE', '*')], { country: 'FR', customerType: 'person', vatId: '' }), undefined))

  for (const { name, customer, expected } of [
    {
      name: 'a business with a VAT id',
      customer: { country: 'DE', vatId: 'DE123456789' },
      expected: ['Reverse charge', 0, true],
    },
    { name: 'a business without one', customer: { country: 'DE', vatId: '' }, expected: ['DE *', 1, false] },
    { name: 'one whose id is of no form', customer: { country: 'DE', vatId: 'DE1' }, expected: ['DE *', 1, false] },
    {
      name: 'one whose id is of another country',
      customer: { country: 'DE', vatId: 'ATU12345678' },
      expected: ['DE *', 1, false],
    },
    {
      name: 'one where the rate says nothing of it',
      customer: { country: 'FR', vatId: 'FRXX123456789' },
      expected: ['* business', 1, false],
    },
  ])
    test(`reverse charge: ${name} → ${expected.join(' ')}`, () => {
      const tax = taxRateFor(all, { ...customer, customerType: 'business' })
      assert.deepEqual([tax?.name, tax?.basisPoints, tax?.isReversed], expected)
    })
  test('reverse charge: never of a person', () => {
    const tax = taxRateFor(all, { country: 'DE', customerType: 'person', vatId: 'DE123456789' })
    assert.deepEqual([tax?.name, tax?.isReversed], ['DE person', false])
  })
})

describe('quantities', () => {
  const sold = plan({
    name: 'Backup',
    resources: [
      resource('1', { name: 'Seats', included: 10n, minimum: 15n, limit: 20n }),
      resource('2', { name: 'Storage' }),
      resource('3', { name: 'Support', kind: 'boolean' }),
      resource('4', { isPublic: false }),
      resource('5', { name: 'Fixed', minimum: 3n, limit: 3n }),
    ],
  })
  for (const { asked, trial = false, message } of [
    { asked: { '1': 15n } },
    { asked: { '1': 20n } },
    { asked: { '1': 14n }, message: 'Seats must be from 15 to 20, not 14.' },
    { asked: { '1': 21n }, message: 'Seats must be from 15 to 20, not 21.' },
    { asked: { '2': 0n } },
    { asked: { '2': 10_000_000n } },
    { asked: { '2': 10_000_001n }, message: 'Storage must be from 0 to 10000000, not 10000001.' },
    { asked: { '2': 10n ** 30n }, message: 'Storage must be from 0 to 10000000, not 10000000000000000000….' },
    { asked: { '3': 1n } },
    { asked: { '3': 2n }, message: 'Support must be from 0 to 1, not 2.' },
    { asked: { '4': 0n }, message: 'Plan Backup has no resource 4.' },
    { asked: { '9': 1n }, message: 'Plan Backup has no resource 9.' },
    { asked: { '5': 4n }, message: 'Fixed must be 3, not 4.' },
    { asked: { '1': 15n }, trial: true },
    { asked: { '1': 16n }, trial: true, message: 'Seats must be 15 during a trial, not 16.' },
  ])
    test(`${JSON.stringify(asked, (_, value) => (typeof value === 'bigint' ? `${value}` : value))}${trial ? ' in a trial' : ''}: ${message ?? 'good'}`, () =>
      assert.deepEqual(
        checkQuantities(sold, period('1', { trial }), asked).map((problem) => problem.message),
        message === undefined ? [] : [message],
      ))
  test('all problems are told', () =>
    assert.deepEqual(
      checkQuantities(sold, undefined, { '1': 1n, '9': 1n }).map(({ resourceId, code }) => [resourceId, code]),
      [
        ['1', 'quantity_out_of_range'],
        ['9', 'resource_not_of_plan'],
      ],
    ))
  test('a customer chooses what is public and has room', () => {
    assert.deepEqual(
      sold.resources.filter((each) => isOrderable(sold, each)).map(({ id }) => id),
      ['1', '2', '3'],
    )
    assert.equal(isOrderable(sold, resource('6', { kind: 'boolean', included: 1n })), false)
    for (const each of sold.resources)
      assert.equal(isOrderable({ ...sold, billingType: 'pay_as_you_go_internal' }, each), false)
  })
})
describe('the price of a reseller below', () => {
  for (const [fee, points, rate, digits, price] of [
    [4900n, 0, '1', 0, 4900n],
    [4900n, 1500, '1', 0, 5635n],
    [4900n, 0, '1.2500', 0, 6125n],
    [4900n, 1000, '0.9137', 0, 4925n], // 4924.843
    [1n, 5000, '1', 0, 2n], // 1.5
    [1n, 4999, '1', 0, 1n],
    [4900n, 0, '150', -2, 7350n], // 49.00 USD are 7350 JPY
    [7350n, 0, '0.0067', 2, 4925n], // 49.245 USD
    [0n, 9999, '3', 0, 0n],
  ] as const)
    test(`${fee} at ${rate} with ${points / 100} % and ${digits} digits more is ${price}`, () =>
      assert.equal(markUp(fee, points, decimal(rate), digits), price))
})

describe('top-ups', () => {
  const payAsYouGo = plan({
    billingType: 'pay_as_you_go_internal',
    resources: [resource('1', { unitPrice: decimal('0.1') })],
  })
  test('prepaid pay as you go with unit prices alone takes one, internal or external', () => {
    assert.ok(takesTopup(payAsYouGo))
    assert.ok(
      takesTopup({ ...payAsYouGo, billingType: 'pay_as_you_go_external', paymentModels: ['postpay', 'prepay'] }),
    )
  })
  test('paid in full, or postpaid alone, takes none', () => {
    assert.ok(!takesTopup({ ...payAsYouGo, billingType: 'pay_in_full' }))
    assert.ok(!takesTopup({ ...payAsYouGo, paymentModels: ['postpay'] }))
  })
  for (const fee of ['setupFeeMinor', 'recurringFeeMinor', 'renewalFeeMinor', 'overuseFeeMinor'] as const)
    test(`one resource with a ${fee} forbids it`, () => {
      const of = { ...payAsYouGo, resources: [...payAsYouGo.resources, resource('2', { [fee]: 1n })] }
      assert.ok(hasResourceFees(of) && !takesTopup(of))
    })
})
