import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { anyPlan, period, plan, resource, snapshot } from '../../test/harness/catalog-values.ts'
import { decimal } from '../kernel/decimal.ts'
import {
  buyNowPeriod,
  fromMonthlyMinor,
  periodEnd,
  priceOrder,
  retailPriceMinor,
  sellablePlans,
  tryItPeriod,
} from './rules.ts'
import type { Duration, Plan, PlanPeriod } from './schema.ts'

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
test('a store shows active public plans that have a public period, in their order', () => {
  const shown = plan({ id: '2', periods: [period('1')] })
  const all = [
    shown,
    plan({ id: '1', periods: [period('2')] }),
    plan({ id: '3', status: 'draft', periods: [period('3')] }),
    plan({ id: '4', isPublic: false, periods: [period('4')] }),
    plan({ id: '5', periods: [period('5', { isPublic: false })] }),
    plan({ id: '6', productId: '2', periods: [period('6')] }),
  ]
  assert.deepEqual(
    sellablePlans(snapshot(all), '1').map(({ id }) => id),
    ['2', '1'],
  )
})
