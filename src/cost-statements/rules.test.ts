import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { costOf, monthBefore, monthOf, spread } from './rules.ts'

for (const { name, kind, before = 0n, after = 0n, cost } of [
  { name: 'all of it when the order is booked', kind: 'order_booked', after: 4900n, cost: 3333n },
  { name: 'half of it where half is refunded', kind: 'payment_refunded', before: 4900n, after: 2450n, cost: -1666n },
  { name: 'what is left where it is returned', kind: 'order_returned', before: 2450n, cost: -1667n },
  {
    name: 'the days that passed before a change was paid',
    kind: 'order_surplus',
    before: 4900n,
    after: 4802n,
    cost: -67n,
  },
])
  test(`a posting costs ${name}`, () =>
    assert.equal(costOf({ kind, orderNetMinor: 4900n, beforeMinor: before, afterMinor: after }, 3333n), cost))

test('what is free to the customer costs all the same', () =>
  assert.equal(costOf({ kind: 'order_booked', orderNetMinor: 0n, beforeMinor: 0n, afterMinor: 0n }, 500n), 500n))

test('however an order is given back in parts, no more is taken off than it cost, and all of it in the end', () => {
  const minor = fc.bigInt({ min: 1n, max: 10n ** 9n })
  fc.assert(
    fc.property(
      minor,
      minor,
      fc.array(fc.bigInt({ min: 0n, max: 10n ** 8n }), { maxLength: 6 }),
      (net, cost, refunds) => {
        let [left, sum] = [
          net,
          costOf({ kind: 'order_booked', orderNetMinor: net, beforeMinor: 0n, afterMinor: net }, cost),
        ]
        assert.equal(sum, cost)
        for (const refund of refunds) {
          const after = left > refund ? left - refund : 0n
          sum += costOf({ kind: 'payment_refunded', orderNetMinor: net, beforeMinor: left, afterMinor: after }, cost)
          left = after
          assert.ok(sum >= 0n && sum <= cost)
        }
        sum += costOf({ kind: 'order_returned', orderNetMinor: net, beforeMinor: left, afterMinor: 0n }, cost)
        assert.equal(sum, 0n)
      },
    ),
  )
})

test('months are UTC ones', () => {
  assert.equal(monthOf(new Date('2026-03-31T23:59:59Z')), '2026-03-01')
  assert.equal(monthBefore('2026-01-01'), '2025-12-01')
})

test('what is late for a month that is stated comes with the last one; what is of the running month waits', () => {
  const lines = ['2026-01-20', '2026-02-10', '2026-03-05', '2026-04-01'].map((day) => ({
    at: new Date(`${day}T12:00:00Z`),
  }))
  const months = (stated: string[]) =>
    [...spread(lines, new Set(stated), '2026-03-01')].map(([month, of]) => [month, of.length])
  assert.deepEqual(months([]), [
    ['2026-01-01', 1],
    ['2026-02-01', 1],
    ['2026-03-01', 1],
  ])
  assert.deepEqual(months(['2026-01-01']), [
    ['2026-02-01', 1],
    ['2026-03-01', 2],
  ])
  assert.deepEqual(months(['2026-01-01', '2026-02-01', '2026-03-01']), [])
})
