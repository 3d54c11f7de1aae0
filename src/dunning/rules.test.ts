import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addDays } from '../kernel/time.ts'
import { DEFAULT_STEPS, nextStep, scheduleProblem } from './rules.ts'
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
