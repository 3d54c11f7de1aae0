import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DunningStep, linesOf } from './dunning-lines.ts'

const step = (action: DunningStep['action'], day: number, outcome: DunningStep['outcome'] = null): DunningStep => ({
  action,
  at: `2026-05-${String(day).padStart(2, '0')}T10:00:00.000Z`,
  outcome,
  message: '',
})
const at = (day: number) => step('stop', day).at
const told = (lines: readonly DunningStep[]) =>
  lines.map((line) => `${line.action} ${line.at.slice(8, 10)} ${line.outcome ?? ''}`.trim())

const STEPS = [step('charge', 1, 'declined'), step('charge', 3), step('remind', 14)]

for (const { name, steps, stopsAt, lines } of [
  { name: 'nothing stops it', steps: STEPS, stopsAt: null, lines: ['charge 01 declined', 'charge 03', 'remind 14'] },
  {
    name: 'the schedule stops it, and goes on asking',
    steps: [...STEPS.slice(0, 2), step('stop', 5), step('remind', 14)],
    stopsAt: at(5),
    lines: ['charge 01 declined', 'charge 03', 'stop 05', 'remind 14'],
  },
  {
    name: 'its terms stop it, and nothing comes after',
    steps: STEPS,
    stopsAt: at(8),
    lines: ['charge 01 declined', 'charge 03', 'terms 08'],
  },
  {
    name: 'its terms come before the schedule',
    steps: [...STEPS.slice(0, 2), step('stop', 14)],
    stopsAt: at(8),
    lines: ['charge 01 declined', 'charge 03', 'terms 08'],
  },
  {
    name: 'what was done stays, however late',
    steps: [step('charge', 9, 'declined'), step('remind', 14)],
    stopsAt: at(8),
    lines: ['charge 09 declined', 'terms 08'],
  },
])
  test(`what is told of a schedule: ${name}`, () => assert.deepEqual(told(linesOf({ steps, stopsAt })), lines))
