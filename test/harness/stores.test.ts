import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from './database.ts'
import { availableServers } from './servers.ts'

const NOT_CHECKED = 'NOT CHECKED on Citus: set BUYLINK_TEST_CITUS_URL to a coordinator whose database may be emptied'
test('store tests run on Citus', { skip: process.env['BUYLINK_TEST_CITUS_URL'] ? false : NOT_CHECKED }, async () => {
  const { pool } = await testDatabase('citus')
  const { rows } = await pool.query('select count(*)::integer as tables from pg_dist_partition')
  assert.ok(rows[0].tables > 0)
})

const NO_DEBIAN = "NOT CHECKED on PostgreSQL 15: Debian's is not installed (apt-get install postgresql-15)"
test('store tests run on PostgreSQL 15', {
  skip: availableServers().includes('debian15') ? false : NO_DEBIAN,
}, async () => {
  const { pool } = await testDatabase('debian15')
  const { rows } = await pool.query(`select current_setting('server_version_num')::integer / 10000 as major`)
  assert.deepEqual(rows, [{ major: 15 }])
})

test('each database is its own', async () => {
  const [one, other] = await Promise.all([testDatabase(), testDatabase()])
  await one.pool.query('create table only_here (id integer)')
  const { rows } = await other.pool.query(`select to_regclass('only_here') as found`)
  assert.deepEqual(rows, [{ found: null }])
  await one.close()
  await assert.rejects(one.pool.query('select 1'))
})
