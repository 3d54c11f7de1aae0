import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decimal } from '../kernel/decimal.ts'
import { amountOf, exactOf, hoursToRate, periodOf } from './rules.ts'

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

test('only hours that have ended are rated, counted from activation', () => {
  const from = new Date('2026-03-01T12:20:00Z')
  assert.deepEqual(hoursToRate(from, new Date('2026-03-01T13:19:59Z'), 10), [])
  assert.deepEqual(hoursToRate(from, new Date('2026-03-01T14:20:00Z'), 10), [from, new Date('2026-03-01T13:20:00Z')])
  assert.equal(hoursToRate(from, new Date('2026-04-01T12:20:00Z'), 10).length, 10)
})

test('an hour belongs to the month it begins in, UTC', () => {
  assert.equal(periodOf(new Date('2026-03-31T23:59:59Z')), '2026-03-01')
  assert.equal(periodOf(new Date('2026-04-01T00:00:00Z')), '2026-04-01')
})
