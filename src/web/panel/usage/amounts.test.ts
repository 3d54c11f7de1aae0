import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { amountText, readAmount, shownAmount } from './amounts.ts'

const GB = 1n << 30n
const text = { number: (value: number | string) => new Intl.NumberFormat('en').format(Number(value)) }

describe('storage is typed in gigabytes and kept in bytes', () => {
  for (const [typed, bytes] of [
    ['50', 50n * GB],
    ['0.5', GB / 2n],
    ['0,5', GB / 2n],
    ['-3', -3n * GB],
    ['', null],
    [' 7 ', 7n * GB],
  ] as const)
    test(`“${typed}”`, () => assert.equal(readAmount('bytes', typed), bytes))
})
describe('what is no amount is not guessed', () => {
  for (const typed of ['x', '1.2.3', '1 GB', '1e3', '--1', '99999999999999999999'])
    test(`“${typed}”`, () => {
      assert.equal(readAmount('bytes', typed), undefined)
      assert.equal(readAmount('quantity', typed), undefined)
    })
  test('half a machine', () => assert.equal(readAmount('quantity', '0.5'), undefined))
})
test('what a field shows is read as what it was, of any size', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(2n ** 56n), max: 2n ** 56n }),
      fc.constantFrom('bytes' as const, 'quantity' as const),
      (amount, unit) => {
        assert.equal(readAmount(unit, shownAmount(unit, String(amount))), amount)
      },
    ),
  )
})
test('amounts are said in binary units, less than nothing too', () => {
  assert.equal(amountText(text, 'bytes', 50n * GB), '50 GB')
  assert.equal(amountText(text, 'bytes', -3n * GB), '−3 GB')
  assert.equal(amountText(text, 'quantity', 12n), '12')
})
