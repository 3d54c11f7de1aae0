import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renameKeys, toCamel, toSnake } from './wire.ts'

test('keys change their case at every depth, values do not', () => {
  const wire = { next_cursor: null, items: [{ plan_period_id: 'a_b', due_today: { amount: '1.00' } }] }
  const inside = { nextCursor: null, items: [{ planPeriodId: 'a_b', dueToday: { amount: '1.00' } }] }
  assert.deepEqual(renameKeys(wire, toCamel), inside)
  assert.deepEqual(renameKeys(inside, toSnake), wire)
})
test("a customer's own keys stay as they are", () => {
  assert.deepEqual(renameKeys({ attributes: { costCentre: '7' } }, toSnake), { attributes: { costCentre: '7' } })
  assert.deepEqual(renameKeys({ attributes: [{ is_required: true }] }, toCamel), { attributes: [{ isRequired: true }] })
})
