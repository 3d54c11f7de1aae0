import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decimal } from '../kernel/decimal.ts'
import { amountOf, byPeriod, exactOf, hoursBetween, isWithin, type Period, periodFrom, periodOf } from './rules.ts'

const GB = 1_073_741_824n

for (const { name, quantity, perUnit, price, hours, netMinor } of [
  {
    name: '100 GB for an hour is less than half a cent',
    quantity: 50n * GB,
    perUnit: GB,
    price: '0.00006',
    hours: 1n,
    netMinor: 0n,
  },
  { name: 'half a cent is a cent', quantity: 5n, perUnit: 1n, price: '0.001', hours: 1n, netMinor: 1n },
  { name: '1,000 GB for 30 days', quantity: 1000n * GB, perUnit: GB, price: '0.00006', hours: 720n, netMinor: 4320n },
  { name: 'a byte is counted too', quantity: 1n, perUnit: GB, price: '1000000', hours: 24n, netMinor: 2n },
])
  test(`${name}: ${netMinor}`, () =>
    assert.deepEqual(amountOf(exactOf(quantity * hours, decimal(price)), perUnit, 'USD', 0), {
      netMinor,
      taxMinor: 0n,
    }))

test('tax is on the whole, rounded half up', () =>
  assert.deepEqual(amountOf(exactOf(125n, decimal('0.01')), 1n, 'USD', 2000), { netMinor: 125n, taxMinor: 25n }))

test('however the hours are cut, the steps add up to the amount of the whole', () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt({ min: 0n, max: 10n ** 15n }), { maxLength: 50 }), (quantities) => {
      const price = decimal('0.000061')
      let [exact, charged] = [0n, 0n]
      for (const quantity of quantities) {
        exact += exactOf(quantity, price)
        charged += amountOf(exact, GB, 'USD', 0).netMinor - charged
      }
      const whole = quantities.reduce((sum, quantity) => sum + quantity, 0n)
      assert.equal(charged, amountOf(exactOf(whole, price), GB, 'USD', 0).netMinor)
    }),
  )
})

const at = (time: string) => new Date(`2026-03-01T${time}Z`)
const startsOf = (hours: readonly Date[]) => hours.map((hour) => hour.toISOString().slice(11, 16))

for (const { name, pauses = [], from = '12:20', until, limit, hours } of [
  { name: 'an hour that has not ended', until: '13:19', hours: [] },
  { name: 'two that have', until: '14:20', hours: ['12:20', '13:20'] },
  { name: 'at most so many', until: '23:59', limit: 3, hours: ['12:20', '13:20', '14:20'] },
  { name: 'what is rated already', from: '14:20', until: '16:00', hours: ['14:20'] },
  { name: 'the hour it stops in', pauses: [['13:50', null]], until: '23:59', hours: ['12:20'] },
  {
    name: 'a pause, and hours counted anew after it',
    pauses: [['13:50', '15:05']],
    until: '17:30',
    hours: ['12:20', '15:05', '16:05'],
  },
  {
    name: 'two pauses and a run too short for an hour',
    pauses: [
      ['13:20', '14:00'],
      ['14:30', '16:00'],
    ],
    until: '17:00',
    hours: ['12:20', '16:00'],
  },
  { name: 'a look back over a pause', pauses: [['13:50', '15:05']], from: '13:00', until: '16:05', hours: ['15:05'] },
] as {
  name: string
  pauses?: [string, string | null][]
  from?: string
  until: string
  limit?: number
  hours: string[]
}[])
  test(`whole hours of service: ${name}`, () => {
    const running = {
      activatedAt: at('12:20'),
      pauses: pauses.map(([startsAt, endsAt]) => ({
        startsAt: at(startsAt),
        endsAt: endsAt === null ? null : at(endsAt),
      })),
    }
    assert.deepEqual(startsOf(hoursBetween(running, at(from), at(until), limit)), hours)
  })

for (const { hour, day, starts, ends } of [
  { hour: '2026-03-01T00:00', day: 1, starts: '2026-03-01', ends: '2026-04-01' },
  { hour: '2026-03-31T23:59', day: 1, starts: '2026-03-01', ends: '2026-04-01' },
  { hour: '2026-12-31T23:30', day: 1, starts: '2026-12-01', ends: '2027-01-01' },
  { hour: '2026-03-14T23:59', day: 15, starts: '2026-02-15', ends: '2026-03-15' },
  { hour: '2026-03-15T00:00', day: 15, starts: '2026-03-15', ends: '2026-04-15' },
  { hour: '2026-02-27T12:00', day: 28, starts: '2026-01-28', ends: '2026-02-28' },
  { hour: '2026-02-28T00:00', day: 28, starts: '2026-02-28', ends: '2026-03-28' },
  { hour: '2028-02-28T00:00', day: 28, starts: '2028-02-28', ends: '2028-03-28' },
  { hour: '2028-02-29T23:00', day: 28, starts: '2028-02-28', ends: '2028-03-28' },
  { hour: '2028-02-29T23:00', day: 1, starts: '2028-02-01', ends: '2028-03-01' },
  { hour: '2026-01-01T00:00', day: 2, starts: '2025-12-02', ends: '2026-01-02' },
  { hour: '2026-01-31T12:00', day: 28, starts: '2026-01-28', ends: '2026-02-28' },
])
  test(`the hour from ${hour} is of the period ${starts} to ${ends} where the billing day is ${day}`, () =>
    assert.deepEqual(periodOf(new Date(`${hour}:00Z`), day), { starts, ends }))

test('with the first as billing day a period is what it was: the month', () => {
  const hours = fc.date({ min: new Date('2020-01-01Z'), max: new Date('2040-01-01Z'), noInvalidDate: true })
  fc.assert(
    fc.property(hours, (hour) => assert.equal(periodOf(hour, 1).starts, `${hour.toISOString().slice(0, 7)}-01`)),
  )
})

for (const { name, day, hour, expected } of [
  { name: 'the open period keeps its end', day: 15, hour: '2026-03-31T23:00', expected: ['2026-03-01', '2026-04-01'] },
  { name: 'the next goes to the new day', day: 15, hour: '2026-04-01T00:00', expected: ['2026-04-01', '2026-04-15'] },
  { name: 'and then it is from day to day', day: 15, hour: '2026-04-15T00:00', expected: ['2026-04-15', '2026-05-15'] },
  { name: 'a long pause is passed over', day: 28, hour: '2028-03-01T00:00', expected: ['2028-02-28', '2028-03-28'] },
])
  test(`the billing day is changed from 1 to ${day}: ${name}`, () => {
    const open = periodOf(new Date('2026-03-20T00:00Z'), 1)
    const { starts, ends } = periodFrom(open, new Date(`${hour}:00Z`), day)
    assert.deepEqual([starts, ends], expected)
  })

test('however often the billing day changes and the hours are cut, each hour is in one period and none is left out', () => {
  const day = fc.integer({ min: 1, max: 28 })
  const looks = fc.array(fc.tuple(day, fc.integer({ min: 1, max: 24 * 40 })), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(day, looks, fc.integer({ min: 0, max: 24 * 800 }), (first, all, from) => {
      const begin = Date.parse('2027-12-01T00:00Z') + from * 3_600_000
      const before = periodOf(new Date(begin), first)
      const seen: Period[] = [before]
      let [open, hour] = [before, begin]
      for (const [billingDay, count] of all) {
        const hours = Array.from({ length: count }, () => new Date((hour += 3_600_000)))
        const parts = byPeriod(open, hours, billingDay)
        assert.deepEqual(
          parts.flatMap((part) => part.hours),
          hours,
          'all of them, in their order, once',
        )
        for (const { period, hours: own } of parts) {
          for (const each of own) assert.ok(each >= new Date(`${period.starts}T00:00Z`) && isWithin(period, each))
          if (period.starts !== open.starts) seen.push(period)
          open = period
        }
      }
      for (const [index, period] of seen.entries()) {
        assert.ok(period.starts < period.ends)
        // Hours follow one another, and so do the periods: each begins where the one before ended.
        if (index > 0) assert.equal(period.starts, seen[index - 1]?.ends)
      }
    }),
  )
})
