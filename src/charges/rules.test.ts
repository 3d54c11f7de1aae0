import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decimal } from '../kernel/decimal.ts'
import { amountOf, exactOf, hoursBetween, periodOf } from './rules.ts'

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

test('an hour belongs to the month it begins in, UTC', () => {
  assert.equal(periodOf(new Date('2026-03-31T23:59:59Z')), '2026-03-01')
  assert.equal(periodOf(new Date('2026-04-01T00:00:00Z')), '2026-04-01')
})
