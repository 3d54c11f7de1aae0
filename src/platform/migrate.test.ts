import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import pg from 'pg'
import { testDatabase } from '../../test/harness/database.ts'
import { fixedClock } from '../../test/harness/clock.ts'
import { openDatabase } from './db.ts'
import { type Migration, migrate, pendingOf, readMigrations } from './migrate.ts'
import { createdTable, splitStatements, splitSubcommands, updatedTable } from './sql-statements.ts'

const base = await testDatabase()
const folder = mkdtempSync(join(tmpdir(), 'buylink-migrate-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** An empty database on the same server, gone when the file ends. */
let count = 0
async function emptyDatabase() {
  const name = `migrate_${process.pid}_${++count}`
  await base.pool.query(`create database ${name}`)
  const { pool, close } = openDatabase({ connectionString: base.connectionString.replace(/\/test_\w+/, `/${name}`) })
  after(async () => {
    await close()
    const client = new pg.Client({ connectionString: base.connectionString.replace(/\/test_\w+/, '/postgres') })
    await client.connect()
    await client.query(`drop database ${name} with (force)`)
    await client.end()
  })
  return pool
}

function migration(version: number, sql: string): Migration {
  const name = `${String(version).padStart(4, '0')}_m.sql`
  return { version, name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
}

const one = migration(1, 'create table a (id integer);\ninsert into a values (1);')
const two = migration(2, 'create table b (id integer);')

test('applies what is new, in order, once, and records when', async () => {
  const pool = await emptyDatabase()
  const clock = fixedClock('2026-03-01T00:00:00Z')
  assert.deepEqual(await migrate(pool, { migrations: [one], clock }), ['0001_m.sql'])
  assert.deepEqual(await migrate(pool, { migrations: [one, two], clock }), ['0002_m.sql'])
  assert.deepEqual(await migrate(pool, { migrations: [one, two], clock }), [])
  const { rows } = await pool.query(
    'select version, name, checksum, applied_at from schema_migrations order by version',
  )
  assert.deepEqual(rows[1], { version: 2, name: '0002_m.sql', checksum: two.checksum, applied_at: clock.now() })
})

test('servers that start at once migrate once', async () => {
  const pool = await emptyDatabase()
  const applied = await Promise.all([1, 2, 3].map(() => migrate(pool, { migrations: [one, two] })))
  assert.deepEqual(applied.flat().sort(), ['0001_m.sql', '0002_m.sql'])
})

test('a failing file leaves nothing of itself, and names itself', async () => {
  const pool = await emptyDatabase()
  const bad = migration(2, 'create table b (id integer);\nselect 1/0;')
  await assert.rejects(migrate(pool, { migrations: [one, bad] }), {
    name: 'StartError',
    message: 'migrations/0002_m.sql failed and was rolled back: division by zero',
  })
  const { rows } = await pool.query(`select to_regclass('a') is not null a, to_regclass('b') is not null b`)
  assert.deepEqual(rows, [{ a: true, b: false }])
})

test('refuses a database that is newer than the code', () => {
  assert.throws(() => pendingOf([one], [one, two]), /migrated by a newer Buylink \(0002_m.sql\): start that version/)
})

test('refuses a file that was changed after it was applied', () => {
  assert.throws(() => pendingOf([migration(1, 'select 2')], [one]), /0001_m.sql is not the file that was applied/)
})

test('refuses a file that comes late', () => {
  assert.throws(() => pendingOf([one, two], [two]), /0001_m.sql was never applied but later ones were/)
})

test('files are numbered without a gap, and line ends do not matter', async () => {
  writeFileSync(join(folder, '0001_first.sql'), 'select 1;\r\nselect 2;\r\n')
  const unix = createHash('sha256').update('select 1;\nselect 2;\n').digest('hex')
  assert.equal((await readMigrations(folder))[0]?.checksum, unix)
  writeFileSync(join(folder, '0003_third.sql'), 'select 3;')
  await assert.rejects(readMigrations(folder), /0003_third.sql: expected a name that starts with 0002_/)
})

test("the project's own files split into as many statements as PostgreSQL sees", async () => {
  const statements = (await readMigrations()).flatMap(({ sql }) => splitStatements(sql))
  assert.ok(statements.length > 20)
  assert.ok(statements.every((statement) => !statement.endsWith(';')))
})

for (const { name, script, statements } of [
  { name: 'at semicolons', script: 'select 1; select 2;', statements: ['select 1', 'select 2'] },
  {
    name: 'not inside quotes',
    script: `select ';''', "a;b";select 2`,
    statements: [`select ';''', "a;b"`, 'select 2'],
  },
  { name: 'not inside comments', script: '-- a; b\nselect /* ; */ 1;', statements: ['-- a; b\nselect /* ; */ 1'] },
  {
    name: 'not inside dollar quotes',
    script: 'do $x$ begin; $$;$$ end $x$; select 1',
    statements: ['do $x$ begin; $$;$$ end $x$', 'select 1'],
  },
  { name: 'leaving out empty ones', script: ';; -- the end\n', statements: [] },
])
  test(`a script is split ${name}`, () => assert.deepEqual(splitStatements(script), statements))

for (const [statement, table] of [
  ['-- What it is.\ncreate table quotas (\n  id uuid', 'quotas'],
  ['CREATE TABLE IF NOT EXISTS quotas (id uuid', 'quotas'],
  ['create table usage_2026 partition of usage for values', undefined],
  ['create index quotas_id on quotas (id)', undefined],
] as const)
  test(`${JSON.stringify(statement.slice(0, 34))} creates ${table}`, () => assert.equal(createdTable(statement), table))

for (const { name, statement, statements } of [
  { name: 'any other statement stays', statement: 'create table a (b, c)', statements: ['create table a (b, c)'] },
  {
    name: 'each subcommand is run by itself',
    statement: `alter table a add column b numeric(9, 4) default '1,2', drop column c`,
    statements: [`alter table a add column b numeric(9, 4) default '1,2'`, 'alter table a drop column c'],
  },
  {
    name: 'what a column is checked for comes after it, named as PostgreSQL does',
    statement: 'alter table a add column b integer not null check (b between 1 and (2))',
    statements: [
      'alter table a add column b integer not null',
      'alter table a add constraint a_b_check check (b between 1 and (2))',
    ],
  },
  {
    name: 'or as it is named there',
    statement: 'alter table a add column b integer\n constraint a_some check (b > 0)',
    statements: ['alter table a add column b integer', 'alter table a add constraint a_some check (b > 0)'],
  },
  {
    name: 'a constraint is one already',
    statement: 'alter table a add constraint a_some check (b in (1, 2))',
    statements: ['alter table a add constraint a_some check (b in (1, 2))'],
  },
])
  test(`on a cluster: ${name}`, () => assert.deepEqual(splitSubcommands(statement), statements))

for (const [statement, table] of [
  ['-- Why.\nupdate plans set a = 1', 'plans'],
  ['insert into plans select 1 on conflict do update set a = 1', undefined],
] as const)
  test(`${JSON.stringify(statement.slice(0, 34))} updates ${table}`, () => assert.equal(updatedTable(statement), table))

test('a cluster’s subcommands make the same tables', async () => {
  const [whole, apart] = [await emptyDatabase(), await emptyDatabase()]
  for (const { sql } of await readMigrations()) {
    for (const statement of splitStatements(sql)) {
      await whole.query(statement)
      for (const single of splitSubcommands(statement)) await apart.query(single)
    }
  }
  assert.deepEqual(await constraintsOf(apart), await constraintsOf(whole))
})

async function constraintsOf(pool: pg.Pool): Promise<unknown[]> {
  const { rows } = await pool.query(
    `select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as rule
       from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2`,
  )
  assert.ok(rows.length > 100)
  return rows
}
