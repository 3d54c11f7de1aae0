import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../test/harness/database.ts'
import { BuylinkError } from '../kernel/errors.ts'
import { asUnavailable, openDatabase, sqlState, transaction } from './db.ts'

const { db, pool } = await testDatabase()

test('values arrive without loss: bigint, decimal text, calendar dates as text, instants as Date', async () => {
  const { rows } = await pool.query(
    `select 9007199254740993::int8 as count, '{1,null}'::int8[] as counts, 1.10::numeric(9,2) as price,
            '{1.10}'::numeric[] as prices, date '2026-02-28' as day, '{2026-02-28}'::date[] as days,
            timestamptz '2026-02-28 12:00+02' as at, timestamp '2026-02-28 12:00' as naive`,
  )
  assert.deepEqual(rows[0], {
    count: 9007199254740993n,
    counts: [1n, null],
    price: '1.10',
    prices: ['1.10'],
    day: '2026-02-28',
    days: ['2026-02-28'],
    at: new Date('2026-02-28T10:00:00Z'),
    naive: '2026-02-28 12:00:00',
  })
})

test('a connection has limits on statements, locks and idle transactions', async () => {
  const { rows } = await pool.query(
    `select current_setting('statement_timeout') statement, current_setting('lock_timeout') lock,
            current_setting('idle_in_transaction_session_timeout') idle`,
  )
  assert.deepEqual(rows[0], { statement: '30s', lock: '10s', idle: '1min' })
})

test('two transactions that deadlock both come through', async () => {
  await pool.query('create table pairs (id integer primary key, value integer not null)')
  await pool.query('insert into pairs values (1, 0), (2, 0)')
  let [tries, locked] = [0, 0]
  const gate = Promise.withResolvers<void>()
  const bump = (first: number, second: number) =>
    transaction(db, async (tx) => {
      tries++
      await sql`update pairs set value = value + 1 where id = ${first}`.execute(tx)
      // Only once both hold their first row does each wait for the other.
      if (++locked === 2) gate.resolve()
      await gate.promise
      await sql`update pairs set value = value + 1 where id = ${second}`.execute(tx)
    })
  await Promise.all([bump(1, 2), bump(2, 1)])
  const { rows } = await pool.query('select id, value from pairs order by id')
  assert.deepEqual(rows, [
    { id: 1, value: 2 },
    { id: 2, value: 2 },
  ])
  assert.equal(tries, 3)
})

test('a transaction that always fails to serialize is tried five times, any other error once', async () => {
  let tries = 0
  const failing = (code: string) =>
    transaction(db, async () => {
      tries++
      throw Object.assign(new Error('planted'), { code })
    })
  await assert.rejects(failing('40001'), /planted/)
  assert.equal(tries, 5)
  tries = 0
  await assert.rejects(failing('23505'), /planted/)
  assert.equal(tries, 1)
})

test('a transaction inside another is part of it', async () => {
  await pool.query('create table inner_notes (id integer)')
  await assert.rejects(
    transaction(db, async (tx) => {
      await transaction(tx, (inner) => sql`insert into inner_notes values (1)`.execute(inner))
      throw new Error('undone')
    }),
    /undone/,
  )
  assert.equal((await pool.query('select from inner_notes')).rowCount, 0)
})

test('a broken idle connection is told and replaced', async () => {
  const told = Promise.withResolvers<Error>()
  const { connectionString } = pool.options
  assert.ok(connectionString)
  const other = openDatabase({ connectionString, maxConnections: 1, onIdleError: told.resolve })
  const { rows } = await other.pool.query('select pg_backend_pid() as pid')
  await pool.query('select pg_terminate_backend($1)', [rows[0].pid])
  assert.equal(sqlState(await told.promise), '57P01')
  assert.equal((await other.pool.query('select 1')).rowCount, 1)
  await other.close()
})

test('a database that cannot be reached is `database_unavailable`, other errors stay what they are', async () => {
  const gone = openDatabase({ connectionString: 'postgresql://u@/d?host=/nowhere' })
  const error = await gone.pool.query('select 1').catch(asUnavailable)
  assert.ok(error instanceof BuylinkError && error.code === 'database_unavailable')
  await gone.close()
  // A full disk, and a standby that has not taken over yet.
  for (const code of ['53100', '25006']) {
    const refused = await pool
      .query(`do $$ begin raise exception 'no' using errcode = '${code}'; end $$`)
      .catch(asUnavailable)
    assert.ok(refused instanceof BuylinkError && refused.code === 'database_unavailable', code)
  }
  const wrong = await pool.query('selec').catch(asUnavailable)
  assert.equal(sqlState(wrong), '42601')
})
