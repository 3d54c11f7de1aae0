import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minus, monthlyOf, readAmount } from './money.ts'

const usd = (amount: string) => ({ amount, currency: 'USD' })

for (const { typed, read } of [
  { typed: '49', read: '49.00' },
  { typed: ' 1 200,50 ', read: '1200.50' },
  { typed: '12.5', read: '12.50' },
  { typed: '0', read: null },
  { typed: '-3', read: null },
  { typed: '1.234', read: null },
  { typed: 'ten', read: null },
])
  test(`an amount typed as "${typed}" is ${read ?? 'refused'}`, () =>
    assert.equal(readAmount(typed, 'USD')?.amount ?? null, read))

test('a month charges only what is above the included quantity', () => {
  const resources = [
    { quantity: 7, included: 5, recurringFee: usd('4.00') },
    { quantity: '10', included: '10', recurringFee: usd('2.50') },
  ]
  assert.deepEqual(monthlyOf(usd('49.00'), resources), usd('57.00'))
})
test('a difference is exact', () => assert.deepEqual(minus(usd('540.00'), usd('0.01')), usd('539.99')))
