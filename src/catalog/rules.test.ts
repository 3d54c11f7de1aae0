import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { decimal } from '../kernel/decimal.ts'
import {
  buyNowPeriod,
  checkQuantities,
  fromMonthlyMinor,
  hasResourceFees,
  isOrderable,
  markUp,
  periodEnd,
  priceOrder,
  type QuoteLine,
  retailPriceMinor,
  sellablePlans,
  takesTopup,
  taxRateFor,
  tryItPeriod,
} from './rules.ts'
import type { Duration, Plan, PlanPeriod, TaxRate } from './schema.ts'
import { period, plan, resource, snapshot } from './testing.ts'

const months = (value: number): Duration => ({ value, unit: 'months' })
const days = (value: number): Duration => ({ value, unit: 'days' })
const years = (value: number): Duration => ({ value, unit: 'years' })

const year = period('7', { duration: months(12), setupFeeMinor: 500n, recurringFeeMinor: 1000n })

describe('retail price', () => {
  for (const { name, each, at, minor } of [
    {
      name: 'the documents’ example, where nothing is included: 5 + 10×12 + 1×15 + 2×12×15 = 500',
      each: [resource('1', { minimum: 15n, setupFeeMinor: 100n, recurringFeeMinor: 200n })],
      at: year,
      minor: 50_000n,
    },
    {
      name: 'what is included costs nothing: 5 + 10×12 + 1×5 + 2×12×5 = 250',
      each: [resource('1', { included: 10n, minimum: 15n, setupFeeMinor: 100n, recurringFeeMinor: 200n })],
      at: year,
      minor: 25_000n,
    },
    { name: 'endless counts as a month', each: [], at: { ...year, duration: null }, minor: 1500n },
    { name: 'days count as thirtieths', each: [], at: { ...year, duration: days(45) }, minor: 2000n },
    { name: 'a year counts as 12 months', each: [], at: { ...year, duration: years(1) }, minor: 12_500n },
    {
      name: 'half a cent is rounded up',
      each: [],
      at: period('1', { duration: days(15), recurringFeeMinor: 1n }),
      minor: 1n,
    },
  ])
    test(name, () => assert.equal(retailPriceMinor(plan({ resources: each }), at), minor))

  test('is what an order of the minimum costs before tax', () => {
    fc.assert(
      fc.property(anyPlan, ({ plan, period }) => {
        assert.equal(retailPriceMinor(plan, period), priceOrder(plan, period, new Map(), 'USD', 0).netMinor)
      }),
    )
  })
})

describe('Buy now', () => {
  const bought = (periods: readonly PlanPeriod[], rest: Partial<Plan> = {}) =>
    buyNowPeriod(plan({ periods, ...rest }))?.id
  test('takes the period with the lowest price of all, not the lowest a month', () =>
    assert.equal(
      bought([period('1', { duration: years(1), recurringFeeMinor: 100n }), period('2', { recurringFeeMinor: 900n })]),
      '2',
    ))
  test('counts the setup fee', () =>
    assert.equal(
      bought([period('1', { recurringFeeMinor: 10n, setupFeeMinor: 100n }), period('2', { recurringFeeMinor: 90n })]),
      '2',
    ))
  test('counts what the minimum of resources costs over the period', () =>
    assert.equal(
      bought([period('1', { duration: months(2) }), period('2', { recurringFeeMinor: 500n })], {
        resources: [resource('1', { minimum: 1n, recurringFeeMinor: 1000n })],
      }),
      '2',
    ))
  test('of the same price takes the shorter', () =>
    assert.equal(
      bought([period('1', { duration: months(2), recurringFeeMinor: 50n }), period('2', { recurringFeeMinor: 100n })]),
      '2',
    ))
  for (const [name, a, b] of [
    ['12 months and a year', months(12), years(1)],
    ['30 days and a month', days(30), months(1)],
    ['endless and a month', null, months(1)],
  ] as const)
    test(`${name} are equally long: the lower id`, () => {
      assert.equal(bought([period('10', { duration: a }), period('9', { duration: b })]), '9')
      assert.equal(bought([period('9', { duration: a }), period('10', { duration: b })]), '9')
    })
  test('never takes a trial or a period that is not public', () =>
    assert.equal(
      bought([
        period('1', { trial: true }),
        period('2', { isPublic: false }),
        period('3', { recurringFeeMinor: 900n }),
      ]),
      '3',
    ))
  test('is absent where there are only trials', () => assert.equal(bought([period('1', { trial: true })]), undefined))
  test('takes the plan’s own choice', () =>
    assert.equal(bought([period('1'), period('2', { recurringFeeMinor: 900n })], { defaultPeriodId: '2' }), '2'))
  test('ignores a choice that is a trial, not public or gone', () => {
    for (const periods of [
      [period('1'), period('2', { trial: true })],
      [period('1'), period('2', { isPublic: false })],
      [period('1')],
    ])
      assert.equal(bought(periods, { defaultPeriodId: '2' }), '1')
  })
  test('finds the same period whatever the order of the list', () => {
    fc.assert(
      fc.property(
        anyPlan.chain(({ plan }) =>
          fc.tuple(fc.constant(plan), fc.shuffledSubarray([...plan.periods], { minLength: plan.periods.length })),
        ),
        ([plan, periods]) => assert.equal(buyNowPeriod({ ...plan, periods })?.id, buyNowPeriod(plan)?.id),
      ),
    )
  })
})

describe('Try it', () => {
  const tried = (...periods: PlanPeriod[]) => tryItPeriod(plan({ periods }))?.id
  test('takes the shortest trial', () =>
    assert.equal(
      tried(
        period('1', { trial: true }),
        period('2', { trial: true, duration: days(14) }),
        period('3', { duration: days(1) }),
      ),
      '2',
    ))
  test('of equal trials takes the lower id', () =>
    assert.equal(tried(period('10', { trial: true }), period('9', { trial: true, duration: days(30) })), '9'))
  test('is absent without a public trial', () =>
    assert.equal(tried(period('1'), period('2', { trial: true, isPublic: false })), undefined))
})

describe('"From … a month"', () => {
  const from = (rest: Partial<Plan>) => fromMonthlyMinor(plan(rest))
  test('is the lowest recurring price with the chargeable minimum, setup left out', () =>
    assert.equal(
      from({
        periods: [
          period('1', { recurringFeeMinor: 4900n }),
          period('2', { duration: years(1), recurringFeeMinor: 4500n, setupFeeMinor: 100n }),
          period('3', { trial: true }),
          period('4', { isPublic: false, recurringFeeMinor: 1n }),
        ],
        resources: [resource('1', { included: 5n, minimum: 7n, recurringFeeMinor: 400n, setupFeeMinor: 1n })],
      }),
      5300n,
    ))
  test('is none for what is paid by use', () =>
    assert.equal(
      from({
        billingType: 'pay_as_you_go_internal',
        periods: [period('1', { duration: null })],
        resources: [resource('1', { minimum: 9n, unitPrice: decimal('0.004') })],
      }),
      null,
    ))
  test('is none where only a trial or a hidden period has fees', () =>
    assert.equal(
      from({
        periods: [
          period('1'),
          period('2', { trial: true, setupFeeMinor: 1n }),
          period('3', { isPublic: false, recurringFeeMinor: 1n }),
        ],
      }),
      null,
    ))
  test('is none without a period to buy', () =>
    assert.equal(
      from({ periods: [period('1', { trial: true })], resources: [resource('1', { setupFeeMinor: 1n })] }),
      null,
    ))
})

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
      assert.equal(taxRateFor(all, { country, customerType })?.name, name)
      assert.equal(taxRateFor(all.toReversed(), { country, customerType })?.name, name)
    })
  test('none is listed: none', () =>
    assert.equal(taxRateFor([rate('DE', '*')], { country: 'FR', customerType: 'person' }), undefined))
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

describe('when a period ends', () => {
  for (const [from, duration, end] of [
    ['2026-01-31T10:00:00Z', months(1), '2026-02-28T10:00:00Z'],
    ['2028-01-31T10:00:00Z', months(1), '2028-02-29T10:00:00Z'],
    ['2026-08-31T00:00:00Z', months(6), '2027-02-28T00:00:00Z'],
    ['2028-02-29T00:00:00Z', years(1), '2029-02-28T00:00:00Z'],
    ['2028-02-29T00:00:00Z', years(4), '2032-02-29T00:00:00Z'],
    ['2026-12-15T23:59:59Z', months(1), '2027-01-15T23:59:59Z'],
    ['2026-03-28T12:00:00Z', days(14), '2026-04-11T12:00:00Z'],
    ['2028-02-28T00:00:00Z', days(2), '2028-03-01T00:00:00Z'],
  ] as const)
    test(`${from} and ${duration.value} ${duration.unit}`, () =>
      assert.deepEqual(periodEnd(new Date(from), duration), new Date(end)))
  test('endless never', () => assert.equal(periodEnd(new Date(), null), null))
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

test('a store shows active public plans that have a public period, in their order', () => {
  const shown = plan({ id: '2', periods: [period('1')] })
  const all = [
    shown,
    plan({ id: '1', periods: [period('2')] }),
    plan({ id: '3', status: 'inactive', periods: [period('3')] }),
    plan({ id: '4', isPublic: false, periods: [period('4')] }),
    plan({ id: '5', periods: [period('5', { isPublic: false })] }),
    plan({ id: '6', productId: '2', periods: [period('6')] }),
  ]
  assert.deepEqual(
    sellablePlans(snapshot(all), '1').map(({ id }) => id),
    ['2', '1'],
  )
})

const fee = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 99_999n }))
const duration: fc.Arbitrary<Duration | null> = fc.option(
  fc.record({
    value: fc.integer({ min: 1, max: 40 }),
    unit: fc.constantFrom('days' as const, 'months' as const, 'years' as const),
  }),
)
/** A plan paid in full with a few periods and resources, and one of its periods. */
const anyPlan = fc
  .record({
    periods: fc.array(fc.record({ duration, setupFeeMinor: fee, recurringFeeMinor: fee, renewalFeeMinor: fee }), {
      minLength: 1,
      maxLength: 4,
    }),
    resources: fc.array(
      fc.record({
        included: fc.bigInt({ min: 0n, max: 20n }),
        above: fc.bigInt({ min: 0n, max: 20n }),
        setupFeeMinor: fee,
        recurringFeeMinor: fee,
        renewalFeeMinor: fee,
      }),
      { maxLength: 4 },
    ),
    at: fc.nat(),
  })
  .map(({ periods, resources, at }) => {
    const made = periods.map((each, index) => period(String(index + 1), each))
    const of = plan({
      periods: made,
      resources: resources.map(({ above, ...each }, index) =>
        resource(String(index + 1), { ...each, minimum: each.included + above }),
      ),
    })
    return { plan: of, period: made[at % made.length] ?? period('1') }
  })
