import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { decimal, divideHalfUp, formatDecimal, formatFixed, parseDecimal, toScale } from './decimal.ts'
import { newId } from './ids.ts'
import { allocate, formatAmount, isCurrency, minorDigits, parseAmount } from './money.ts'
import { addMonths } from './time.ts'

describe('decimals', () => {
  test('plain decimals alone are read', () => {
    for (const text of ['', '.', '1.', '.5', '+1', '1e3', ' 1', '1,5', '0x10', '٣', 'NaN', '--1']) {
      assert.equal(parseDecimal(text), undefined, text)
    }
    assert.deepEqual(parseDecimal('-12.340'), { units: -12340n, scale: 3 })
  })
  test('what is written is read back', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
        fc.integer({ min: 0, max: 12 }),
        (units, scale) => {
          assert.deepEqual(parseDecimal(formatFixed(units, scale)), { units, scale })
          assert.equal(toScale(decimal(formatDecimal({ units, scale })), scale), units)
        },
      ),
    )
  })
  test('halves go away from zero', () => {
    for (const [dividend, divisor, result] of [
      [5n, 2n, 3n],
      [-5n, 2n, -3n],
      [4n, 3n, 1n],
      [-4n, 3n, -1n],
      [0n, 7n, 0n],
    ] as const) {
      assert.equal(divideHalfUp(dividend, divisor), result)
    }
  })
})

describe('money', () => {
  test('has the digits of its currency', () => {
    assert.deepEqual(['USD', 'JPY', 'KWD'].map(minorDigits), [2, 0, 3])
    assert.equal(formatAmount(4900n, 'USD'), '49.00')
    assert.equal(formatAmount(4900n, 'JPY'), '4900')
    assert.equal(parseAmount('49.001', 'USD'), undefined)
    assert.equal(parseAmount('49.001', 'KWD'), 49001n)
    assert.deepEqual(['EUR', 'eur', 'XXZ', ''].map(isCurrency), [true, false, false, false])
  })
  test('an amount that is split loses and invents no cent', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
        fc
          .array(fc.bigInt({ min: 0n, max: 10n ** 6n }), { minLength: 1 })
          .filter((weights) => weights.some((weight) => weight > 0n)),
        (amountMinor, weights) => {
          const parts = allocate(amountMinor, weights)
          assert.equal(parts.length, weights.length)
          assert.equal(
            parts.reduce((sum, part) => sum + part, 0n),
            amountMinor,
          )
        },
      ),
    )
    assert.deepEqual(allocate(100n, [1n, 1n, 1n]), [34n, 33n, 33n])
    assert.throws(() => allocate(1n, [0n]), RangeError)
  })
})

test('ids ascend, also within a millisecond, and say when they were made', () => {
  const ids = Array.from({ length: 10_000 }, () => newId(1_700_000_000_000))
  assert.deepEqual([...ids].sort(), ids)
  assert.equal(new Set(ids).size, ids.length)
  for (const id of ids.slice(0, 10))
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('a month later is the same day, or the last one the month has', () => {
  for (const [from, months, to] of [
    ['2026-01-31T10:00:00Z', 1, '2026-02-28T10:00:00Z'],
    ['2028-01-31T10:00:00Z', 1, '2028-02-29T10:00:00Z'],
    ['2026-03-31T00:00:00Z', 1, '2026-04-30T00:00:00Z'],
    ['2026-11-23T00:00:00Z', 12, '2027-11-23T00:00:00Z'],
    ['2026-12-15T00:00:00Z', 1, '2027-01-15T00:00:00Z'],
  ] as const) {
    assert.equal(addMonths(new Date(from), months).toISOString(), new Date(to).toISOString())
  }
})
