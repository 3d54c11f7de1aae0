import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { hoursBetween, periodOf } from '../charges/rules.ts'
import { addDays, addMonths } from '../kernel/time.ts'
import { daysLeft } from '../orders/rules.ts'
import { endOfPeriod, nextStep, renewalHindranceOf, type TermSettings } from './rules.ts'

const ownZone = process.env['TZ']
after(() => {
  if (ownZone === undefined) delete process.env['TZ']
  else process.env['TZ'] = ownZone
})

/** Far east and west of Greenwich, half an hour off, and with clocks that change on other days and the other way round. */
const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Kiritimati', 'Asia/Kathmandu']

/** What a rule says wherever the server stands. */
function everywhere<Result>(rule: () => Result): Result {
  process.env['TZ'] = 'UTC'
  const result = rule()
  for (const zone of ZONES) {
    process.env['TZ'] = zone
    assert.deepEqual(rule(), result, zone)
  }
  return result
}

const at = (text: string): Date => new Date(text)
const iso = (date: Date): string => date.toISOString()

test('the zone of the process is really another one', () => {
  process.env['TZ'] = 'America/New_York'
  assert.equal(at('2026-01-01T00:00:00Z').getHours(), 19)
})

for (const { name, start, length, anchor, ends } of [
  {
    name: 'a month over the start of summer time',
    start: '2026-03-28T23:30:00Z',
    anchor: 28,
    ends: '2026-04-28T23:30:00Z',
  },
  {
    name: 'a month that begins in the hour that Berlin skips',
    start: '2026-03-29T01:30:00Z',
    anchor: 29,
    ends: '2026-04-29T01:30:00Z',
  },
  {
    name: 'a month that begins in the hour that New York has twice',
    start: '2026-11-01T05:30:00Z',
    anchor: 1,
    ends: '2026-12-01T05:30:00Z',
  },
  { name: '31 January, its last second', start: '2026-01-31T23:59:59Z', anchor: 31, ends: '2026-02-28T23:59:59Z' },
  {
    name: '29 February by the year',
    start: '2028-02-29T00:00:00Z',
    length: { value: 1, unit: 'years' },
    anchor: 29,
    ends: '2029-02-28T00:00:00Z',
  },
  {
    name: 'four years from 29 February',
    start: '2028-02-29T00:00:00Z',
    length: { value: 4, unit: 'years' },
    anchor: 29,
    ends: '2032-02-29T00:00:00Z',
  },
  {
    name: 'a century that is no leap year',
    start: '2096-02-29T00:00:00Z',
    length: { value: 4, unit: 'years' },
    anchor: 29,
    ends: '2100-02-28T00:00:00Z',
  },
  {
    name: '30 days over a change of clocks',
    start: '2026-10-20T12:00:00Z',
    length: { value: 30, unit: 'days' },
    anchor: 20,
    ends: '2026-11-19T12:00:00Z',
  },
] as readonly {
  name: string
  start: string
  length?: { value: number; unit: 'days' | 'months' | 'years' }
  anchor: number
  ends: string
}[])
  test(`wherever the server stands, it ends at the same instant: ${name}`, () =>
    assert.equal(
      everywhere(() => iso(endOfPeriod(at(start), length ?? { value: 1, unit: 'months' }, anchor))),
      iso(at(ends)),
    ))

const SETTINGS: TermSettings = { autoRenewDays: 7, manualRenewDays: 30, graceDays: 7, deletionDays: 30 }
/** Ends an hour after the clocks of Europe have gone forward; grace and deletion go over it, too. */
const life = {
  status: 'active',
  trial: false,
  autoRenew: true,
  endsWithPeriod: false,
  periodEndsAt: at('2026-03-29T02:00:00Z'),
  stoppedAt: null,
  stopReason: null,
} as const
const graced = { ...life, status: 'graced' } as const
const stopped = { ...life, status: 'stopped', stoppedAt: at('2026-03-28T12:00:00Z'), stopReason: 'expired' } as const

for (const { name, of, mayRenew = false, now, kind } of [
  {
    name: 'a moment before the week before its end',
    of: life,
    mayRenew: true,
    now: '2026-03-22T01:59:59.999Z',
    kind: 'wait',
  },
  { name: 'a week before its end', of: life, mayRenew: true, now: '2026-03-22T02:00:00Z', kind: 'renew' },
  { name: 'a moment before its end', of: life, now: '2026-03-29T01:59:59.999Z', kind: 'wait' },
  { name: 'at its end', of: life, now: '2026-03-29T02:00:00Z', kind: 'grace' },
  { name: 'a moment before its grace is over', of: graced, now: '2026-04-05T01:59:59.999Z', kind: 'wait' },
  { name: 'when its grace is over', of: graced, now: '2026-04-05T02:00:00Z', kind: 'stop' },
  { name: 'a moment before it is deleted', of: stopped, now: '2026-04-27T11:59:59.999Z', kind: 'wait' },
  { name: 'thirty days after its stop', of: stopped, now: '2026-04-27T12:00:00Z', kind: 'delete' },
] as const)
  test(`days of 24 hours, over a change of clocks: ${name}, ${kind}`, () =>
    assert.equal(
      everywhere(() => nextStep(of, SETTINGS, mayRenew, at(now)).kind),
      kind,
    ))

for (const { name, days, now, may } of [
  { name: 'a moment too early', days: 30, now: '2026-02-27T01:59:59.999Z', may: false },
  { name: 'when its window opens', days: 30, now: '2026-02-27T02:00:00Z', may: true },
  { name: 'in its last moment', days: 1, now: '2026-03-29T01:59:59.999Z', may: true },
  { name: 'always', days: -1, now: '2025-01-01T00:00:00Z', may: true },
  { name: 'never', days: 0, now: '2026-03-29T01:00:00Z', may: false },
])
  test(`by hand it is renewed ${name}: ${may}`, () =>
    assert.equal(
      everywhere(() => renewalHindranceOf(life, { manualRenewDays: days }, at(now)) === undefined),
      may,
    ))

for (const { hour, billingDay = 1, period } of [
  { hour: '2026-03-31T23:59:59.999Z', period: '2026-03-01' },
  { hour: '2026-04-01T00:00:00Z', period: '2026-04-01' },
  { hour: '2028-02-29T23:30:00Z', period: '2028-02-01' },
  { hour: '2026-12-31T23:59:59Z', period: '2026-12-01' },
  { hour: '2026-03-14T23:59:59Z', billingDay: 15, period: '2026-02-15' },
  { hour: '2026-03-29T00:00:00Z', billingDay: 28, period: '2026-03-28' },
])
  test(`the billing day ${billingDay} is one of the UTC month: ${hour} is of ${period}`, () =>
    assert.equal(
      everywhere(() => periodOf(at(hour), billingDay).starts),
      period,
    ))

test('a day has 24 hours of use, on the days on which clocks change too', () => {
  for (const day of ['2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2026-04-05']) {
    const from = at(`${day}T00:00:00Z`)
    const hours = () => hoursBetween({ activatedAt: from, pauses: [] }, from, addDays(from, 1)).map(iso)
    assert.equal(everywhere(hours).length, 24)
  }
})

test('whatever the instants, every rule of time says the same wherever the server stands', () => {
  const instant = fc.date({ min: at('2024-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z'), noInvalidDate: true })
  const length = fc.oneof(
    fc.constant(null),
    fc.record({ value: fc.integer({ min: 1, max: 36 }), unit: fc.constantFrom('days', 'months', 'years') }),
  )
  fc.assert(
    fc.property(instant, instant, length, (startsAt, now, period) => {
      const anchor = startsAt.getUTCDate()
      everywhere(() => {
        const endsAt = endOfPeriod(startsAt, period, anchor)
        assert.ok(endsAt > startsAt)
        const step = nextStep({ ...life, periodEndsAt: endsAt }, SETTINGS, true, now)
        return [
          iso(endsAt),
          step,
          String(daysLeft({ startsAt, endsAt }, now).left),
          iso(addMonths(startsAt, 1)),
          periodOf(now, (anchor % 28) + 1),
        ]
      })
    }),
    { numRuns: 40 },
  )
})

test('month after month an anchor day is kept: every period follows the one before, and the day never slips', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1500 }), (offset) => {
      let start = addDays(at('2026-01-01T10:00:00Z'), offset)
      const anchor = start.getUTCDate()
      for (let month = 0; month < 50; month++) {
        const end = endOfPeriod(start, { value: 1, unit: 'months' }, anchor)
        const lastDay = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate()
        assert.equal(end.getUTCDate(), Math.min(anchor, lastDay))
        assert.equal((end.getUTCMonth() - start.getUTCMonth() + 12) % 12, 1)
        start = end
      }
    }),
    { numRuns: 50 },
  )
})
