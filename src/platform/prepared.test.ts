import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../test/harness/database.ts'
import { createStatementNames } from './prepared.ts'

test('a statement is named when it comes again, and keeps its name', () => {
  const nameOf = createStatementNames()
  assert.equal(nameOf('select $1'), undefined)
  assert.equal(nameOf('select $1'), 'again-0')
  assert.equal(nameOf('select $1, $2'), undefined)
  assert.equal(nameOf('select $1, $2'), 'again-1')
  assert.equal(nameOf('select $1'), 'again-0')
})

test('no more than so many are named, and none whose columns may change', () => {
  const nameOf = createStatementNames(1)
  for (const text of ['select * from t where id = $1', 'select t.* from t where id = $1', 'select $1', 'select $1, $2'])
    nameOf(text)
  assert.equal(nameOf('select * from t where id = $1'), undefined)
  assert.equal(nameOf('select t.* from t where id = $1'), undefined)
  assert.equal(nameOf('select $1'), 'again-0')
  assert.equal(nameOf('select $1, $2'), undefined)
})

test('what the query builder sends is prepared, and outlives a column that is added', async () => {
  const { db, pool } = await testDatabase()
  await sql`create table growing (id integer not null)`.execute(db)
  await sql`insert into growing values (7)`.execute(db)
  await db.connection().execute(async (connection) => {
    const closed = () => sql<{ id: number }>`select id from growing where id = ${7}`.execute(connection)
    const open = () => sql<{ id: number }>`select * from growing where id = ${7}`.execute(connection)
    for (let time = 0; time < 3; time++) await Promise.all([closed(), open()])
    const { rows } = await sql<{
      n: number
    }>`select count(*)::integer as n from pg_prepared_statements where statement like '%from growing%'`.execute(
      connection,
    )
    assert.deepEqual(rows, [{ n: 1 }])
    await pool.query('alter table growing add column more integer')
    assert.deepEqual((await closed()).rows, [{ id: 7 }])
    assert.deepEqual((await open()).rows, [{ id: 7, more: null }])
  })
})
