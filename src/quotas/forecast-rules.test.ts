import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { FEWEST_DAYS, type Forecast, type ForecastFacts, forecastOf } from './forecast-rules.ts'

const TODAY = '2026-03-31'
const DAY_MS = 86_400_000
const dayBefore = (days: number): string =>
  new Date(Date.parse(`${TODAY}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10)
const daysFrom = (day: string): number => (Date.parse(day) - Date.parse(TODAY)) / DAY_MS

/** One sample a day up to today, the last one what is used now. */
const facts = (values: readonly bigint[], value: bigint | null, rest: Partial<ForecastFacts> = {}): ForecastFacts => ({
  unit: 'bytes',
  value,
  used: values.at(-1) ?? 0n,
  today: TODAY,
  samples: values.map((each, index) => ({ day: dayBefore(values.length - 1 - index), value: each })),
  ...rest,
})
const rising = (days: number, step = 10n, start = 100n) =>
  Array.from({ length: days }, (_, i) => start + BigInt(i) * step)

describe('a forecast says the day, or why there is none', () => {
  const steady: Forecast = { kind: 'runs_out', day: '2026-04-10', earliest: '2026-04-10', latest: '2026-04-10' }
  for (const { name, given, forecast } of [
    { name: 'unlimited', given: facts(rising(30), null), forecast: { kind: 'unlimited' } },
    { name: 'run out already', given: facts(rising(30), 390n), forecast: { kind: 'out' } },
    {
      name: 'a count at its value has not run out',
      given: facts(rising(30), 389n, { unit: 'quantity', used: 389n }),
      forecast: { ...steady, day: '2026-04-01', earliest: '2026-04-01', latest: '2026-04-01' },
    },
    { name: 'ten units a day, a hundred left', given: facts(rising(30), 490n), forecast: steady },
    { name: 'a week is enough', given: facts(rising(7), 260n), forecast: steady },
    {
      name: 'six days are not',
      given: facts(rising(6), 260n),
      forecast: { kind: 'not_enough_data', days: 6, needed: 7 },
    },
    {
      name: 'nothing was ever reported',
      given: facts([], 260n),
      forecast: { kind: 'not_enough_data', days: 0, needed: 7 },
    },
    { name: 'flat', given: facts(Array<bigint>(30).fill(100n), 260n), forecast: { kind: 'not_at_this_rate' } },
    { name: 'falling', given: facts(rising(30).toReversed(), 900n), forecast: { kind: 'not_at_this_rate' } },
    { name: 'beyond two years', given: facts(rising(30), 390n + 10n * 731n), forecast: { kind: 'not_at_this_rate' } },
    { name: 'a single odd day moves nothing', given: facts(rising(30).with(12, 100_000n), 490n), forecast: steady },
  ] satisfies readonly { name: string; given: ForecastFacts; forecast: Forecast }[])
    test(name, () => {
      assert.deepEqual(forecastOf(given), forecast)
    })

  test('days older than a month do not count', () => {
    const old = rising(90).slice(0, 60)
    const samples = old.map((value, index) => ({ day: dayBefore(89 - index), value }))
    assert.deepEqual(forecastOf(facts([], 9999n, { used: 690n, samples })), {
      kind: 'not_enough_data',
      days: 0,
      needed: 7,
    })
  })
  test('days nothing was reported for are left out, not taken for nothing', () => {
    const samples = rising(30)
      .map((value, index) => ({ day: dayBefore(29 - index), value }))
      .filter((_, i) => i % 3 === 0)
    const told = forecastOf(facts([], 490n, { used: 390n, samples }))
    assert.equal(told.kind === 'runs_out' && told.day, '2026-04-10')
  })
  test('where the spread leaves open that it rises at all, the latest day is open', () => {
    const noisy = Array.from({ length: 10 }, (_, i) => 500n + BigInt(i) + (i % 2 === 0 ? 40n : 0n))
    const told = forecastOf(facts(noisy, 520n))
    assert.ok(told.kind === 'runs_out' && told.latest === null, JSON.stringify(told))
  })
})

const series = fc.array(fc.bigInt({ min: 1n, max: 10n ** 15n }), { minLength: 1, maxLength: 45 })
const quota = fc.bigInt({ min: 0n, max: 10n ** 16n })
const unit = fc.constantFrom('bytes' as const, 'quantity' as const)

describe('for every history', () => {
  test('earliest, likely and latest day stand in order, none before today', () => {
    fc.assert(
      fc.property(series, quota, unit, (values, value, of) => {
        const told = forecastOf(facts(values, value, { unit: of }))
        if (told.kind !== 'runs_out') return
        assert.ok(TODAY <= told.earliest && told.earliest <= told.day)
        assert.ok(told.latest === null || told.day <= told.latest)
      }),
    )
  })
  test('a larger quota never runs out sooner', () => {
    const order = { out: 0, runs_out: 1, not_at_this_rate: 2, unlimited: 3, not_enough_data: 4 }
    fc.assert(
      fc.property(series, quota, quota, unit, (values, value, more, of) => {
        const less = forecastOf(facts(values, value, { unit: of }))
        const larger = forecastOf(facts(values, value + more, { unit: of }))
        assert.ok(order[less.kind] <= order[larger.kind])
        if (less.kind === 'runs_out' && larger.kind === 'runs_out') {
          assert.ok(less.day <= larger.day && less.earliest <= larger.earliest)
          assert.ok(larger.latest === null || (less.latest !== null && less.latest <= larger.latest))
        }
      }),
    )
  })
  test('the size of the unit changes nothing', () => {
    fc.assert(
      fc.property(series, quota, fc.bigInt({ min: 1n, max: 1024n ** 3n }), (values, value, factor) => {
        const scaled = facts(
          values.map((each) => each * factor),
          value * factor,
        )
        assert.deepEqual(forecastOf(scaled), forecastOf(facts(values, value)))
      }),
    )
  })
  test('with little data there is never a guess', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 99n }), { maxLength: FEWEST_DAYS - 1 }), (values) => {
        assert.equal(forecastOf(facts(values, 100n)).kind, 'not_enough_data')
      }),
    )
  })
  test('a steady pace is foretold to the day', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 7, max: 40 }),
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
        fc.integer({ min: 1, max: 700 }),
        (days, step, ahead) => {
          const values = rising(days, step)
          const told = forecastOf(facts(values, (values.at(-1) ?? 0n) + step * BigInt(ahead)))
          assert.ok(told.kind === 'runs_out' && daysFrom(told.day) === ahead && told.earliest === told.latest)
        },
      ),
    )
  })
})
