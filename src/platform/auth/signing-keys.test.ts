import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '../../../test/harness/clock.ts'
import { testDatabase } from '../../../test/harness/database.ts'
import { createSigningKeys } from './signing-keys.ts'

const { db } = await testDatabase()
const options = { db, clock: fixedClock(), secret: 'a secret of the tests, long enough for a key' }

test('right after a start every token of many at once finds its key', async () => {
  const { id } = await createSigningKeys(options).current()
  const started = createSigningKeys(options)
  const found = await Promise.all(Array.from({ length: 50 }, () => started.find(id)))
  assert.equal(found.filter((key) => key === undefined).length, 0)
})
