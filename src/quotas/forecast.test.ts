import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { DailyUsage } from '../usage/schema.ts'
import { forecast } from './forecast.ts'

const TODAY = '2026-03-30'
const days = (count: number, used: (at: number) => number): DailyUsage[] =>
  Array.from({ length: count }, (_, at) => ({
    day: new Date(Date.parse(`${TODAY}T00:00:00Z`) - (count - 1 - at) * 86_400_000).toISOString().slice(0, 10),
    value: BigInt(Math.round(used(at))),
  }))

test('a straight line runs out on its day, with no range', () => {
  assert.deepEqual(
    forecast(
      days(30, (at) => 100 + at * 10),
      490n,
      TODAY,
    ),
    {
      kind: 'runs_out',
      day: '2026-04-09',
      earliest: '2026-04-09',
      latest: '2026-04-09',
    },
  )
})

test('the range holds the day, and is wider where usage jumps about', () => {
  const noisy = forecast(
    days(30, (at) => 1000 + at * 10 + (at % 3) * 40),
    2000n,
    TODAY,
  )
  assert.ok(noisy.kind === 'runs_out')
  assert.ok(noisy.earliest < noisy.day && (noisy.latest === null || noisy.latest > noisy.day))
})

for (const [name, samples, value, kind] of [
  ['six days are no trend', days(6, (at) => at * 10), 1000n, 'not_enough_data'],
  ['no days at all', [], 1000n, 'not_enough_data'],
  ['usage that stands still', days(30, () => 50), 1000n, 'not_in_sight'],
  ['usage that falls', days(30, (at) => 500 - at), 1000n, 'not_in_sight'],
  ['what takes a hundred years', days(30, (at) => at), 1_000_000n, 'not_in_sight'],
  ['a quota that is used up', days(30, (at) => at * 100), 1000n, 'reached'],
  ['no limit', days(30, (at) => at), null, 'unlimited'],
] as const)
  test(name, () => assert.equal(forecast(samples, value, TODAY).kind, kind))

test('days long ago do not count, and gaps are no zeros', () => {
  const old = days(90, (at) => (at < 60 ? 10_000 - at * 100 : 100 + (at - 60) * 10))
  const some = old.filter((_, at) => at < 60 || at % 2 === 1)
  const result = forecast(some, 490n, TODAY)
  assert.ok(result.kind === 'runs_out')
  assert.equal(result.day, '2026-04-09')
})

test('never fails, and never names a day that is over', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000_000), { maxLength: 60 }), fc.nat(1_000_000), (used, value) => {
      const result = forecast(
        days(used.length, (at) => used[at] ?? 0),
        BigInt(value),
        TODAY,
      )
      if (result.kind === 'runs_out') assert.ok(result.earliest >= TODAY && result.day >= result.earliest)
    }),
  )
})
