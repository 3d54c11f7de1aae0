import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addDays } from '../kernel/time.ts'
import { DEFAULT_STEPS, nextStep, plannedFor, scheduleProblem, stopsAtOf } from './rules.ts'
import type { DunningStep } from './schema.ts'

const DUE = new Date('2026-03-10T12:00:00Z')
const on = (day: number): Date => addDays(DUE, day)

for (const { name, position, day, expected } of [
  { name: 'waits for the due date', position: 0, day: -7, expected: { kind: 'wait', until: on(0) } },
  { name: 'takes the first step on it', position: 0, day: 0, expected: { kind: 'take', position: 0, skipped: [] } },
  { name: 'waits for the next one', position: 1, day: 1, expected: { kind: 'wait', until: on(3) } },
  {
    name: 'late, takes one for all, a charge before a reminder',
    position: 1,
    day: 30,
    expected: { kind: 'take', position: 2, skipped: [1] },
  },
  {
    name: 'then the reminder that was left',
    position: 3,
    day: 30,
    expected: { kind: 'take', position: 3, skipped: [] },
  },
  { name: 'ends after the last', position: 4, day: 30, expected: { kind: 'over' } },
] as const)
  test(`a schedule ${name}`, () => assert.deepEqual(nextStep(DEFAULT_STEPS, position, DUE, on(day)), expected))

for (const { name, day, after, expected } of [
  { name: 'at its time', day: 7, after: 3, expected: 7 },
  { name: 'at its time, an hour after another', day: 7, after: 7 - 1 / 24, expected: 7 },
  { name: 'a day later where its time has come', day: 7, after: 7, expected: 8 },
  { name: 'a day later where it has passed', day: 7, after: 30, expected: 31 },
])
  test(`a step is planned ${name}`, () => assert.deepEqual(plannedFor(DUE, { day }, on(after)), on(expected)))

test('whenever it is looked at, each step is taken or skipped once, in order, none before its time', () => {
  const schedule = fc
    .uniqueArray(fc.integer({ min: 0, max: 120 }), { maxLength: 12 })
    .chain((days) =>
      fc.tuple(
        ...days
          .toSorted((a, b) => a - b)
          .map((day) =>
            fc.constantFrom('charge' as const, 'remind' as const).map((action): DunningStep => ({ day, action })),
          ),
      ),
    )
  fc.assert(
    fc.property(schedule, fc.array(fc.integer({ min: -10, max: 200 }), { maxLength: 30 }), (steps, looks) => {
      assert.equal(scheduleProblem(steps), undefined)
      const done: number[] = []
      let position = 0
      for (const day of looks.toSorted((a, b) => a - b)) {
        for (
          let next = nextStep(steps, position, DUE, on(day));
          next.kind === 'take';
          next = nextStep(steps, position, DUE, on(day))
        ) {
          for (const index of [...next.skipped, next.position]) {
            assert.ok((steps[index]?.day ?? Infinity) <= day)
            done.push(index)
          }
          position = next.position + 1
        }
      }
      assert.deepEqual(
        done,
        done.map((_, index) => index),
      )
    }),
  )
})

for (const { name, days } of [
  { name: 'before the due date', days: [-1] },
  { name: 'two on one day', days: [3, 3] },
  { name: 'not in their order', days: [7, 3] },
  { name: 'too many', days: Array.from({ length: 13 }, (_, index) => index) },
])
  test(`a schedule with steps ${name} is refused`, () =>
    assert.ok(scheduleProblem(days.map((day) => ({ day, action: 'remind' })))))

const STOPPING: readonly DunningStep[] = [
  { day: 1, action: 'charge' },
  { day: 2, action: 'remind' },
  { day: 5, action: 'stop' },
  { day: 9, action: 'charge' },
]
for (const { name, position, expected } of [
  { name: 'after the charge before it', position: 0, expected: { kind: 'take', position: 0, skipped: [] } },
  { name: 'in place of a reminder', position: 1, expected: { kind: 'take', position: 2, skipped: [1] } },
  { name: 'and asks again afterwards', position: 3, expected: { kind: 'take', position: 3, skipped: [] } },
] as const)
  test(`a schedule that was missed for weeks stops ${name}: a stop is never left out`, () =>
    assert.deepEqual(nextStep(STOPPING, position, DUE, on(30)), expected))

test('a schedule stops once, and no sooner than a day after the due date', () => {
  assert.equal(scheduleProblem(STOPPING), undefined)
  assert.ok(scheduleProblem([...STOPPING, { day: 12, action: 'stop' }]))
  assert.ok(scheduleProblem([{ day: 0, action: 'stop' }]))
})

for (const { name, kind = 'payment', steps = STOPPING, position = 0, status = 'active', graceDays = 7, day } of [
  { name: 'by the schedule', day: 5 },
  { name: 'by its terms, sooner', graceDays: 3, day: 3 },
  { name: 'by its terms alone', steps: [], day: 7 },
  { name: 'of an invoice by the schedule alone', kind: 'invoice', graceDays: 3, day: 5 },
  { name: 'never for an invoice without such a step', kind: 'invoice', steps: [], day: null },
  { name: 'never again once it was stopped', status: 'stopped', day: null },
  { name: 'by its terms where the step was in vain', position: 3, status: 'graced', day: 7 },
] as const)
  test(`a service stops ${name}`, () =>
    assert.deepEqual(
      stopsAtOf({ subjectKind: kind, steps, position, dueAt: DUE }, { status, graceDays }),
      day === null ? null : on(day),
    ))
