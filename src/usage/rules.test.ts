import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readEvent } from './read-event.ts'
import { foldChanges, ownUsageOf, type TimedChange } from './rules.ts'
import type { OwnUsage } from './schema.ts'

const at = fc.integer({ min: 0, max: 20 }).map((hour) => new Date(Date.UTC(2026, 2, 1, hour)))
const delta = fc.bigInt({ min: -50n, max: 50n }).map((units) => ({ delta: units }))
const value = fc.bigInt({ min: 0n, max: 100n }).map((units) => ({ value: units }))
const changes = (change: typeof delta | typeof value | fc.Arbitrary<TimedChange['change']>) =>
  fc.array(fc.record({ at, change }) as fc.Arbitrary<TimedChange>, { maxLength: 12 })

test('whatever the order and the batches, the same is used', () => {
  fc.assert(
    fc.property(
      fc.oneof(changes(delta), changes(value), changes(fc.oneof(delta, value))),
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1 }),
      fc.nat(),
      (all, sizes, seed) => {
        const mixed = all
          .map((change, index) => ({ change, rank: ((index + 1) * 7919 * (seed + 1)) % 101 }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ change }) => change)
        let own: OwnUsage | undefined
        const seen: TimedChange[] = []
        for (let start = 0, turn = 0; start < mixed.length; turn++) {
          const batch = mixed.slice(start, start + (sizes[turn % sizes.length] ?? 1))
          start += batch.length
          seen.push(...batch)
          own = foldChanges(own, batch) ?? ownUsageOf(seen)
        }
        assert.equal(own?.own ?? 0n, ownUsageOf(all).own)
      },
    ),
  )
})

test('a value counts by its time, and deltas after it are added', () => {
  const hour = (h: number) => new Date(Date.UTC(2026, 2, 1, h))
  const { own } = ownUsageOf([
    { at: hour(5), change: { delta: 3n } },
    { at: hour(2), change: { delta: 100n } },
    { at: hour(4), change: { value: 40n } },
    { at: hour(3), change: { value: 70n } },
    { at: hour(4), change: { delta: 1n } },
  ])
  assert.equal(own, 43n)
})

const EVENT = {
  specversion: '1.0',
  id: 'e-1',
  source: '/backup/eu',
  type: 'com.example.usage',
  subject: '01970000-0000-7000-8000-00000000000A',
  time: '2026-03-01T12:00:00+02:00',
  data: { usage_name: 'storage', delta: 1024 },
}
const NOW = new Date('2026-03-01T12:00:00Z')

test('a CloudEvent is read', () => {
  assert.deepEqual(readEvent(EVENT, NOW), {
    source: '/backup/eu',
    eventId: 'e-1',
    tenantId: EVENT.subject.toLowerCase(),
    usageName: 'storage',
    at: new Date('2026-03-01T10:00:00Z'),
    change: { delta: 1024n },
  })
  const large = readEvent(
    { ...EVENT, traceparent: 'x', data: { usage_name: 'storage', value: '9007199254740991' } },
    NOW,
  )
  assert.deepEqual('change' in large && large.change, { value: 9007199254740991n })
})

for (const [name, change, problem] of [
  ['another version', { specversion: '0.3' }, /specversion/],
  ['no id', { id: '' }, /^id/],
  ['no source', { source: undefined }, /^source/],
  ['a subject that is no UUID', { subject: '7' }, /^subject/],
  ['no time', { time: undefined }, /^time/],
  ['a time without a zone', { time: '2026-03-01T12:00:00' }, /^time/],
  ['a day that there is not', { time: '2026-13-41T12:00:00Z' }, /^time/],
  ['a time in the future', { time: '2026-03-03T12:00:00Z' }, /future/],
  ['a fraction', { data: { usage_name: 'storage', delta: 1.5 } }, /whole number/],
  ['more than a number holds', { data: { usage_name: 'storage', delta: 2 ** 53 } }, /whole number/],
  ['digits beyond', { data: { usage_name: 'storage', delta: '9007199254740992' } }, /whole number/],
  ['a value below 0', { data: { usage_name: 'storage', value: -1 } }, /below 0/],
  ['both', { data: { usage_name: 'storage', value: 1, delta: 1 } }, /either/],
  ['neither', { data: { usage_name: 'storage' } }, /either/],
  ['another field', { data: { usage_name: 'storage', valeu: 1 } }, /valeu/],
  ['a name with capitals', { data: { usage_name: 'Storage', value: 1 } }, /usage_name/],
] as const)
  test(`an event with ${name} is refused and says why`, () => {
    const read = readEvent({ ...EVENT, ...change }, NOW)
    assert.match('problem' in read ? read.problem : 'it was read', problem)
  })
