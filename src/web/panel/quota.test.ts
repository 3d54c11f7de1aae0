import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createText } from '../messages/text.ts'
import { quotaState, usageText } from './quota.ts'

const text = createText('en', [])
const GB = 1024 ** 3

for (const { name, usage, used, value, state } of [
  { name: 'storage below 80 % is within', usage: 'storage', used: 399, value: 500, state: 'within' },
  { name: 'storage at 80 % is almost reached', usage: 'storage', used: 400, value: 500, state: 'almost' },
  { name: 'storage at its value is reached', usage: 'storage', used: 500, value: 500, state: 'reached' },
  { name: 'unused storage of nothing is within', usage: 'storage', used: 0, value: 0, state: 'within' },
  { name: 'a count at its value is within', usage: 'workstations', used: 10, value: 10, state: 'within' },
  { name: 'a count above its value is reached', usage: 'workstations', used: 12, value: 10, state: 'reached' },
  { name: 'without a limit nothing is reached', usage: 'storage', used: 9e15, value: null, state: 'within' },
])
  test(name, () => assert.equal(quotaState(usage, used, value), state))

test('storage is said in binary units', () => {
  assert.equal(usageText(text, 'storage', 430 * GB), '430 GB')
  assert.equal(usageText(text, 'storage', 1.5 * GB), '1.5 GB')
  assert.equal(usageText(text, 'storage', 2000 * GB), '2,000 GB')
  assert.equal(usageText(text, 'storage', 512), '512 B')
})
test('counts are counted', () => assert.equal(usageText(text, 'workstations', 12), '12'))
