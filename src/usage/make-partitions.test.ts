import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '../../test/harness/clock.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { newId } from '../kernel/ids.ts'
import { makeUsagePartitions } from './make-partitions.ts'

const { db, pool } = await testDatabase()
const clock = fixedClock('2026-11-20T00:00:00Z')
const insert = (at: string) =>
  pool.query(
    `insert into usage_events (seller_id, tenant_id, usage_name, occurred_at, key, delta, source, event_id, received_at)
     values ($1, $1, 'storage', $2, $3, 1, '/test', 'x', $2) returning tableoid::regclass::text as partition`,
    [newId(), at, newId()],
  )
const partitionOf = async (at: string): Promise<string> => String((await insert(at)).rows[0].partition)

test('this month and the three after it have a partition; the others share one', async () => {
  assert.deepEqual(await makeUsagePartitions(db, clock), [
    'usage_events_2026_11',
    'usage_events_2026_12',
    'usage_events_2027_01',
    'usage_events_2027_02',
  ])
  assert.deepEqual(await makeUsagePartitions(db, clock), [], 'once is enough')
  assert.equal(await partitionOf('2026-11-30T23:59:59.999Z'), 'usage_events_2026_11')
  assert.equal(await partitionOf('2026-12-01T00:00:00Z'), 'usage_events_2026_12')
  assert.equal(await partitionOf('2026-10-31T23:59:59Z'), 'usage_events_other')
})

test('a month that has begun among the others goes on there, and its neighbours are made', async () => {
  await insert('2027-04-07T00:00:00Z')
  clock.set('2027-02-01T00:00:00Z')
  assert.deepEqual(await makeUsagePartitions(db, clock), ['usage_events_2027_03', 'usage_events_2027_05'])
  assert.equal(await partitionOf('2027-04-08T00:00:00Z'), 'usage_events_other')
})

test('two servers that start at once make each of them once', async () => {
  clock.set('2028-01-01T00:00:00Z')
  const made = (await Promise.all([makeUsagePartitions(db, clock), makeUsagePartitions(db, clock)])).flat()
  assert.deepEqual(made.toSorted(), [...new Set(made)].toSorted())
  assert.equal(await partitionOf('2028-03-01T00:00:00Z'), 'usage_events_2028_03')
})
