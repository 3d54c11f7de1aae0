import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { isOver, mayUse, roomOf, stateOf, valueOf, whyNoQuota } from './rules.ts'
import type { MeasurementUnit, QuotaState } from './schema.ts'

const of = (unit: MeasurementUnit, used: bigint, value: bigint | null, overage: bigint | null, state: QuotaState) => ({
  unit,
  used,
  value,
  overage,
  state,
})

describe('row 32: usage==value, value<usage<=value+overage, usage>value+overage; storage at 79.9/80/100 %', () => {
  for (const { unit, used, value, overage, state } of [
    of('quantity', 9n, 10n, null, 'fine'),
    of('quantity', 10n, 10n, null, 'fine'),
    of('quantity', 11n, 10n, null, 'reached'),
    of('quantity', 10n, 10n, 5n, 'fine'),
    of('quantity', 11n, 10n, 5n, 'reached'),
    of('quantity', 15n, 10n, 5n, 'reached'),
    of('quantity', 16n, 10n, 5n, 'exceeded'),
    of('quantity', 11n, 10n, 0n, 'exceeded'),
    of('bytes', 799n, 1000n, null, 'fine'),
    of('bytes', 800n, 1000n, null, 'almost_reached'),
    of('bytes', 999n, 1000n, null, 'almost_reached'),
    of('bytes', 1000n, 1000n, null, 'reached'),
    of('bytes', 1000n, 1000n, 0n, 'reached'),
    of('bytes', 1001n, 1000n, 0n, 'exceeded'),
    of('bytes', 1100n, 1000n, 100n, 'reached'),
    of('bytes', 1101n, 1000n, 100n, 'exceeded'),
    of('bytes', 7n, 9n, null, 'fine'),
    of('bytes', 8n, 9n, null, 'almost_reached'),
  ])
    test(`${used} of ${value} ${unit}, overage ${overage}: ${state}`, () =>
      assert.equal(stateOf(unit, used, { value, overage }), state))
})

describe('row 30: quota value null is unlimited; value 0 is exceeded at once with any usage', () => {
  for (const unit of ['bytes', 'quantity'] as const) {
    test(`${unit}: null allows everything`, () =>
      assert.equal(stateOf(unit, 10n ** 18n, { value: null, overage: null }), 'fine'))
    test(`${unit}: 0 allows nothing, and nothing used is fine`, () => {
      assert.equal(stateOf(unit, 0n, { value: 0n, overage: null }), 'fine')
      assert.ok(isOver(stateOf(unit, 1n, { value: 0n, overage: null })))
    })
  }
})

test('row 5: device kinds below quota are fine, even at 99 %', () =>
  assert.equal(stateOf('quantity', 99n, { value: 100n, overage: null }), 'fine'))

describe('row 31: a soft quota never blocks; a hard one blocks above value+overage', () => {
  test('soft', () => assert.ok(mayUse(1000n, 1000n, { value: 1n, overage: null })))
  test('hard', () => {
    assert.ok(mayUse(14n, 1n, { value: 10n, overage: 5n }))
    assert.ok(!mayUse(15n, 1n, { value: 10n, overage: 5n }))
    assert.equal(roomOf(14n, { value: 10n, overage: 5n }), 1n)
    assert.equal(roomOf(20n, { value: 10n, overage: 5n }), 0n)
    assert.equal(roomOf(20n, { value: 10n, overage: null }), null)
  })
})

test('row 33: a partner’s quota has no overage, and a unit has none at all', () => {
  assert.match(whyNoQuota('partner', { overage: 5n }) ?? '', /no overage/)
  assert.equal(whyNoQuota('partner', { overage: null }), undefined)
  assert.match(whyNoQuota('department', { overage: null }) ?? '', /no quotas/)
  assert.equal(whyNoQuota('customer', { overage: 5n }), undefined)
  assert.equal(whyNoQuota('user', { overage: 5n }), undefined)
})

test('a base may take from grants, but never below nothing; unlimited stays unlimited', () => {
  assert.equal(valueOf(-3n, 10n), 7n)
  assert.equal(valueOf(-13n, 10n), 0n)
  assert.equal(valueOf(null, 10n), null)
})

test('more usage never makes a state better, a larger quota never worse', () => {
  const order: readonly QuotaState[] = ['fine', 'almost_reached', 'reached', 'exceeded']
  const amount = fc.bigInt({ min: 0n, max: 200n })
  fc.assert(
    fc.property(
      fc.constantFrom('bytes' as const, 'quantity' as const),
      amount,
      amount,
      fc.option(amount),
      amount,
      (unit, used, value, overage, more) => {
        const rank = (u: bigint, v: bigint) => order.indexOf(stateOf(unit, u, { value: v, overage }))
        assert.ok(rank(used + more, value) >= rank(used, value))
        assert.ok(rank(used, value + more) <= rank(used, value))
      },
    ),
  )
})
