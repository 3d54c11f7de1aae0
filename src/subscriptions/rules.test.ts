import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endOfPeriod, nextStep, renewalHindranceOf } from './rules.ts'

const at = (text: string): Date => new Date(text)
const MONTH = { value: 1, unit: 'months' } as const
const YEAR = { value: 1, unit: 'years' } as const

for (const { name, from, length, anchor, ends } of [
  {
    name: 'the last day of each month',
    from: '2026-01-31T10:00:00Z',
    length: MONTH,
    anchor: 31,
    ends: ['2026-02-28T10:00:00Z', '2026-03-31T10:00:00Z', '2026-04-30T10:00:00Z', '2026-05-31T10:00:00Z'],
  },
  {
    name: 'a leap February',
    from: '2028-01-30T00:00:00Z',
    length: MONTH,
    anchor: 30,
    ends: ['2028-02-29T00:00:00Z', '2028-03-30T00:00:00Z'],
  },
  {
    name: 'the turn of the year',
    from: '2026-12-31T23:59:59Z',
    length: MONTH,
    anchor: 31,
    ends: ['2027-01-31T23:59:59Z', '2027-02-28T23:59:59Z'],
  },
  {
    name: '29 February by the year',
    from: '2028-02-29T12:00:00Z',
    length: YEAR,
    anchor: 29,
    ends: ['2029-02-28T12:00:00Z', '2030-02-28T12:00:00Z', '2031-02-28T12:00:00Z', '2032-02-29T12:00:00Z'],
  },
  {
    name: 'three years',
    from: '2026-05-15T00:00:00Z',
    length: { value: 3, unit: 'years' } as const,
    anchor: 15,
    ends: ['2029-05-15T00:00:00Z'],
  },
  {
    name: 'half a year',
    from: '2026-08-31T00:00:00Z',
    length: { value: 6, unit: 'months' } as const,
    anchor: 31,
    ends: ['2027-02-28T00:00:00Z', '2027-08-31T00:00:00Z'],
  },
  {
    name: 'days',
    from: '2026-02-20T06:00:00Z',
    length: { value: 14, unit: 'days' } as const,
    anchor: 20,
    ends: ['2026-03-06T06:00:00Z', '2026-03-20T06:00:00Z'],
  },
  {
    name: 'endless, by the month',
    from: '2026-01-31T00:00:00Z',
    length: null,
    anchor: 31,
    ends: ['2026-02-28T00:00:00Z', '2026-03-31T00:00:00Z'],
  },
  // Central Europe leaves winter time on 29 March 2026 and summer time on 25 October: the hour in UTC stays.
  {
    name: 'the change to summer time',
    from: '2026-03-15T01:30:00Z',
    length: MONTH,
    anchor: 15,
    ends: ['2026-04-15T01:30:00Z'],
  },
  {
    name: 'the change to winter time',
    from: '2026-10-25T00:30:00Z',
    length: MONTH,
    anchor: 25,
    ends: ['2026-11-25T00:30:00Z'],
  },
])
  test(`periods end: ${name}`, () => {
    let start = at(from)
    for (const end of ends) {
      start = endOfPeriod(start, length, anchor)
      assert.equal(start.toISOString(), at(end).toISOString())
    }
  })

const SETTINGS = { autoRenewDays: 7, manualRenewDays: 30, graceDays: 5, deletionDays: 30 }
const END = '2026-03-31T00:00:00Z'
const runs = {
  status: 'active',
  trial: false,
  autoRenew: true,
  endsWithPeriod: false,
  periodEndsAt: at(END),
  stoppedAt: null,
  stopReason: null,
} as const
const stopped = { ...runs, status: 'stopped', stoppedAt: at(END), stopReason: 'expired' } as const
const wait = (until: string | null) => ({ kind: 'wait', until: until === null ? null : at(until) })

for (const { name, life, mayRenew = true, now, step } of [
  {
    name: 'waits for the day of its renewal',
    life: runs,
    now: '2026-03-01T00:00:00Z',
    step: wait('2026-03-24T00:00:00Z'),
  },
  { name: 'is renewed a week before', life: runs, now: '2026-03-24T00:00:00Z', step: { kind: 'renew' } },
  {
    name: 'with a renewal ordered, waits for the end',
    life: runs,
    mayRenew: false,
    now: '2026-03-24T00:00:00Z',
    step: wait(END),
  },
  {
    name: 'without auto-renewal, waits for the end',
    life: { ...runs, autoRenew: false },
    now: '2026-03-24T00:00:00Z',
    step: wait(END),
  },
  { name: 'at the end has grace', life: runs, mayRenew: false, now: END, step: { kind: 'grace' } },
  {
    name: 'cancelled, stops at the end',
    life: { ...runs, endsWithPeriod: true },
    now: END,
    step: { kind: 'stop', reason: 'cancelled' },
  },
  {
    name: 'cancelled, is not renewed',
    life: { ...runs, endsWithPeriod: true },
    now: '2026-03-24T00:00:00Z',
    step: wait(END),
  },
  {
    name: 'a trial is not renewed by itself',
    life: { ...runs, trial: true },
    now: '2026-03-30T00:00:00Z',
    step: wait(END),
  },
  {
    name: 'a trial stops without grace',
    life: { ...runs, trial: true },
    now: END,
    step: { kind: 'stop', reason: 'expired' },
  },
  { name: 'paid by use, nothing is ever due', life: { ...runs, periodEndsAt: null }, now: END, step: wait(null) },
  {
    name: 'in grace, waits for its end',
    life: { ...runs, status: 'graced' },
    mayRenew: false,
    now: '2026-04-01T00:00:00Z',
    step: wait('2026-04-05T00:00:00Z'),
  },
  {
    name: 'in grace, is renewed where it was not yet',
    life: { ...runs, status: 'graced' },
    now: '2026-04-01T00:00:00Z',
    step: { kind: 'renew' },
  },
  {
    name: 'after its grace, stops',
    life: { ...runs, status: 'graced' },
    now: '2026-04-05T00:00:00Z',
    step: { kind: 'stop', reason: 'expired' },
  },
  {
    name: 'stopped, waits to be deleted',
    life: stopped,
    now: '2026-04-01T00:00:00Z',
    step: wait('2026-04-30T00:00:00Z'),
  },
  { name: 'stopped for long, is deleted', life: stopped, now: '2026-04-30T00:00:00Z', step: { kind: 'delete' } },
  {
    name: 'stopped by staff, is never deleted',
    life: { ...stopped, stopReason: 'administrative' },
    now: '2030-01-01T00:00:00Z',
    step: wait(null),
  },
  {
    name: 'under way, nothing is due',
    life: { ...runs, status: 'updating' },
    now: '2030-01-01T00:00:00Z',
    step: wait(null),
  },
  {
    name: 'deleted, nothing is due',
    life: { ...stopped, status: 'deleted' },
    now: '2030-01-01T00:00:00Z',
    step: wait(null),
  },
] as const)
  test(`a subscription ${name}`, () => assert.deepEqual(nextStep(life, SETTINGS, mayRenew, at(now)), step))

test('by hand it is renewed within its window, in grace, and once it has expired', () => {
  const hindrance = (status: 'active' | 'graced' | 'stopped' | 'updating', manualRenewDays: number, now: string) =>
    renewalHindranceOf(
      { ...runs, status, stopReason: status === 'stopped' ? 'expired' : null },
      { manualRenewDays },
      at(now),
    )
  assert.equal(hindrance('active', 30, '2026-03-02T00:00:00Z'), undefined)
  assert.match(hindrance('active', 30, '2026-02-28T00:00:00Z') ?? '', /30 days/)
  assert.equal(hindrance('active', -1, '2026-01-01T00:00:00Z'), undefined)
  assert.match(hindrance('active', 0, '2026-03-30T00:00:00Z') ?? '', /by itself/)
  assert.equal(hindrance('graced', 30, '2026-04-02T00:00:00Z'), undefined)
  assert.equal(hindrance('stopped', 0, '2026-05-02T00:00:00Z'), undefined)
  assert.match(hindrance('updating', 30, '2026-03-30T00:00:00Z') ?? '', /right now/)
})
