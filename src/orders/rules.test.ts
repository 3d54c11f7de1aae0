import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { period, plan, resource } from '../../test/harness/catalog-values.ts'
import type { SubscriptionResource } from '../subscriptions/schema.ts'
import { hindranceOf, usedAbove } from '../subscriptions/rules.ts'
import { daysLeft, priceChange } from './rules.ts'

const at = (text: string): Date => new Date(text)
const term = (startsAt: string, endsAt: string) => ({ startsAt: at(startsAt), endsAt: at(endsAt) })
const JANUARY = term('2026-01-10T12:00:00Z', '2026-02-10T12:00:00Z')

for (const { name, of, now, left, days } of [
  { name: 'the first moment', of: JANUARY, now: '2026-01-10T12:00:00Z', left: 31n, days: 31n },
  { name: 'the end of the first day', of: JANUARY, now: '2026-01-10T23:59:59.999Z', left: 31n, days: 31n },
  { name: 'the first moment of the second day', of: JANUARY, now: '2026-01-11T00:00:00Z', left: 30n, days: 31n },
  { name: 'ten days later', of: JANUARY, now: '2026-01-20T12:00:00Z', left: 21n, days: 31n },
  { name: 'the last whole day', of: JANUARY, now: '2026-02-09T00:00:00Z', left: 1n, days: 31n },
  { name: 'the hours after it', of: JANUARY, now: '2026-02-10T11:59:59Z', left: 1n, days: 31n },
  { name: 'the time before it, too', of: JANUARY, now: '2026-01-01T00:00:00Z', left: 40n, days: 31n },
  {
    name: 'February',
    of: term('2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'),
    now: '2026-02-28T23:00:00Z',
    left: 1n,
    days: 28n,
  },
  {
    name: 'a leap February',
    of: term('2028-02-01T00:00:00Z', '2028-03-01T00:00:00Z'),
    now: '2028-02-29T00:00:00Z',
    left: 1n,
    days: 29n,
  },
  {
    name: 'a leap year',
    of: term('2028-01-01T00:00:00Z', '2029-01-01T00:00:00Z'),
    now: '2028-03-01T00:00:00Z',
    left: 306n,
    days: 366n,
  },
  // Clocks change on 29 March 2026 in Europe: UTC days are days all the same.
  {
    name: 'a month with a change of clocks',
    of: term('2026-03-15T23:30:00Z', '2026-04-15T23:30:00Z'),
    now: '2026-03-29T01:30:00Z',
    left: 17n,
    days: 31n,
  },
  {
    name: 'renewed early, the days before it begins are left too',
    of: term('2026-02-10T12:00:00Z', '2026-03-10T12:00:00Z'),
    now: '2026-02-03T12:00:00Z',
    left: 35n,
    days: 28n,
  },
  {
    name: 'a period of hours',
    of: term('2026-01-10T01:00:00Z', '2026-01-10T05:00:00Z'),
    now: '2026-01-10T02:00:00Z',
    left: 1n,
    days: 1n,
  },
])
  test(`${name}: ${left} of ${days} days are left`, () => assert.deepEqual(daysLeft(of, at(now)), { left, of: days }))

const BACKUP = plan({
  resources: [
    resource('1', { included: 5n, recurringFeeMinor: 400n, name: 'Storage' }),
    resource('2', { included: 10n, recurringFeeMinor: 250n, setupFeeMinor: 100n, name: 'Workstations' }),
  ],
})
const MONTH = period('7', { recurringFeeMinor: 4900n })
const quantities = (storage: bigint, workstations: bigint) =>
  new Map([
    ['1', storage],
    ['2', workstations],
  ])
const priced = (
  before: Map<string, bigint>,
  after: Map<string, bigint>,
  rest: Partial<Parameters<typeof priceChange>[0]> = {},
) =>
  priceChange({
    plan: BACKUP,
    period: MONTH,
    term: JANUARY,
    before,
    after,
    currency: 'USD',
    basisPoints: 0,
    at: at('2026-01-20T12:00:00Z'),
    ...rest,
  })

for (const { name, before, after, total, recurring, rest } of [
  {
    name: 'two more units for 21 of 31 days',
    before: quantities(5n, 10n),
    after: quantities(7n, 10n),
    total: 542n,
    recurring: 5700n,
  },
  {
    name: 'each line rounded by itself',
    before: quantities(5n, 10n),
    after: quantities(6n, 11n),
    total: 271n + 169n + 100n,
    recurring: 5550n,
  },
  {
    name: 'a unit that is included',
    before: quantities(3n, 10n),
    after: quantities(5n, 10n),
    total: 0n,
    recurring: 4900n,
  },
  {
    name: 'one up, one down: what is given up is not refunded',
    before: quantities(8n, 10n),
    after: quantities(5n, 12n),
    total: 339n + 200n,
    recurring: 5400n,
  },
  { name: 'less', before: quantities(8n, 12n), after: quantities(5n, 10n), total: 0n, recurring: 4900n },
  {
    name: 'tax by the line',
    before: quantities(5n, 10n),
    after: quantities(6n, 10n),
    total: 271n + 54n,
    recurring: 5300n,
    rest: { basisPoints: 2000 },
  },
  {
    name: 'a year: its months by the days left',
    before: quantities(5n, 10n),
    after: quantities(6n, 10n),
    total: 4734n,
    recurring: 5300n,
    rest: {
      period: period('8', { duration: { value: 1, unit: 'years' as const }, recurringFeeMinor: 4900n }),
      term: term('2026-01-15T00:00:00Z', '2027-01-15T00:00:00Z'),
      at: at('2026-01-20T00:00:00Z'),
    },
  },
  {
    name: 'ten days: a third of a month',
    before: quantities(5n, 10n),
    after: quantities(6n, 10n),
    total: 67n,
    recurring: 5300n,
    rest: {
      period: period('9', { duration: { value: 10, unit: 'days' as const }, recurringFeeMinor: 4900n }),
      term: term('2026-01-15T00:00:00Z', '2026-01-25T00:00:00Z'),
      at: at('2026-01-20T00:00:00Z'),
    },
  },
])
  test(`a change is priced: ${name}`, () => {
    const quote = priced(before, after, rest)
    assert.equal(quote.totalMinor, total)
    assert.equal(quote.recurringMinor, recurring)
  })

test('lines always sum to the total, and a change never costs more than its whole period', () => {
  const amount = fc.bigInt({ min: 0n, max: 1_000n })
  const fee = fc.bigInt({ min: 0n, max: 100_000n })
  fc.assert(
    fc.property(
      amount,
      amount,
      amount,
      amount,
      fee,
      fee,
      fc.integer({ min: 0, max: 10_000 }),
      fc.integer({ min: 0, max: 40 }),
      (a, b, c, d, storage, stations, basisPoints, day) => {
        const sold = plan({
          resources: [
            resource('1', { recurringFeeMinor: storage }),
            resource('2', { recurringFeeMinor: stations, included: 3n }),
          ],
        })
        const quote = priced(quantities(a, b), quantities(c, d), {
          plan: sold,
          basisPoints,
          at: new Date(JANUARY.startsAt.getTime() + day * 86_400_000),
        })
        assert.equal(
          quote.lines.reduce((sum, line) => sum + line.netMinor + line.taxMinor, 0n),
          quote.totalMinor,
        )
        assert.equal(quote.netMinor + quote.taxMinor, quote.totalMinor)
        const over = (quantity: bigint, included: bigint) => (quantity > included ? quantity - included : 0n)
        const more = (now: bigint, then: bigint, included: bigint) => {
          const units = over(then, included) - over(now, included)
          return units > 0n ? units : 0n
        }
        const whole = more(a, c, 0n) * storage + more(b, d, 3n) * stations
        assert.ok(quote.netMinor >= 0n && quote.netMinor <= whole)
      },
    ),
  )
})

test('nothing is changed while something is under way, in a trial, or after the period', () => {
  const running = { status: 'active', trial: false, periodEndsAt: at('2026-02-10T00:00:00Z') } as const
  const now = at('2026-02-01T00:00:00Z')
  assert.equal(hindranceOf(running, now), undefined)
  assert.match(hindranceOf({ ...running, status: 'updating' }, now) ?? '', /being changed right now/)
  assert.match(hindranceOf({ ...running, status: 'stopped' }, now) ?? '', /stopped/)
  assert.match(hindranceOf({ ...running, status: 'updating_failed' }, now) ?? '', /failed/)
  assert.match(hindranceOf({ ...running, trial: true }, now) ?? '', /trial/)
  assert.match(hindranceOf(running, running.periodEndsAt) ?? '', /Renew/)
})

test('less than what is used is told, more or unlimited is not', () => {
  const has = (quantity: bigint): SubscriptionResource[] => [
    { id: '1', name: 'Storage', unit: 'unit', quantity, included: 0n, usageName: 'storage', quotaPerUnit: 100n },
  ]
  const quota = (value: bigint | null, used: bigint | null) => [{ usageName: 'storage', value, used }]
  assert.deepEqual(usedAbove(has(5n), has(4n), quota(500n, 430n)), [{ usageName: 'storage', used: 430n, value: 400n }])
  assert.deepEqual(usedAbove(has(5n), has(4n), quota(500n, 400n)), [])
  assert.deepEqual(usedAbove(has(5n), has(6n), quota(500n, 700n)), [])
  assert.deepEqual(usedAbove(has(5n), has(4n), quota(null, 430n)), [])
  assert.deepEqual(usedAbove(has(5n), has(4n), quota(500n, null)), [])
})
