import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeStores, testDatabase } from '../test/harness/database.ts'
import { type TableKind, tables } from '../src/platform/schema-manifest.ts'
import { readMigrations } from '../src/platform/migrate.ts'
import { createdTable, splitStatements } from '../src/platform/sql-statements.ts'
import { lintCatalogue } from './catalogue.ts'

describeStores('the schema follows its rules', (database) => {
  test('every table, key, foreign key and name', async () => {
    assert.deepEqual(await lintCatalogue(database().pool, tables), [])
  })
})

test('each table that a migration makes has its place on a cluster, under the name that it is made with', async () => {
  const made = (await readMigrations()).flatMap(({ sql }) => splitStatements(sql).map(createdTable))
  const placeless = made.filter((table) => table !== undefined && !(table in tables))
  assert.ok(made.length > 50)
  assert.deepEqual(placeless, [])
})

const { pool } = await testDatabase()

/** The base of every planted fault: a distributed, a reference and a local table that are in order. */
const BASE = `
  create table p_orders (seller_id uuid not null, id uuid not null, primary key (seller_id, id));
  create table p_plans (id uuid primary key);
  create table p_jobs (id uuid primary key)`
const kinds: Record<string, TableKind> = { p_orders: 'distributed', p_plans: 'reference', p_jobs: 'local' }

const planted: [name: string, sql: string, finding: string, kind?: TableKind][] = [
  ['a table that is in no manifest', 'create table p_x (id uuid primary key)', 'p_x: is not in the manifest'],
  ['a listed table that is not there', 'select 1', 'p_x: is in the manifest but not in the database', 'local'],
  [
    'a distributed table without a seller',
    'create table p_x (id uuid)',
    'p_x: distributed, but has no seller_id uuid not null',
    'distributed',
  ],
  ['a table without a primary key', 'create table p_x (id uuid)', 'p_x: has no primary key', 'local'],
  [
    'a primary key that starts elsewhere',
    'create table p_x (seller_id uuid, id uuid, primary key (id, seller_id))',
    'p_x: key p_x_pkey does not start with seller_id',
    'distributed',
  ],
  [
    'a unique key without the seller',
    'alter table p_orders add unique (id)',
    'p_orders: key p_orders_id_key does not start with seller_id',
  ],
  [
    'a unique index without the seller',
    'create unique index p_u on p_orders (id)',
    'p_orders: key p_u does not start with seller_id',
  ],
  [
    'a foreign key that does not carry the seller',
    'create table p_x (seller_id uuid, other uuid, id uuid, primary key (seller_id, id), constraint fk foreign key (other, id) references p_orders)',
    'p_x: foreign key fk does not carry seller_id',
    'distributed',
  ],
  [
    'a reference table that points at a distributed one',
    'alter table p_plans add seller_id uuid, add constraint fk foreign key (seller_id, id) references p_orders',
    'p_plans: foreign key fk leads from a reference table to a distributed one',
  ],
  [
    'a distributed table that points at a local one',
    'alter table p_orders add constraint fk foreign key (id) references p_jobs',
    'p_orders: foreign key fk leads from a distributed table to a local one',
  ],
  [
    'set null',
    'alter table p_orders add plan uuid, add constraint fk foreign key (plan) references p_plans on delete set null',
    'p_orders: foreign key fk sets values on delete',
  ],
  [
    'an identity column',
    'alter table p_orders add n bigint generated always as identity',
    'p_orders.n: numbers itself; ids come from the application',
  ],
  [
    'a serial column',
    'alter table p_orders add n bigserial',
    'p_orders.n: numbers itself; ids come from the application',
  ],
  ['a time without a zone', 'alter table p_plans add at timestamp', 'p_plans.at: a time without a zone is no instant'],
  ['floating point', 'alter table p_plans add price double precision', 'p_plans.price: double precision loses digits'],
  [
    'a trigger',
    `create function p_f() returns trigger language plpgsql as 'begin return new; end'; create trigger t before insert on p_orders for each row execute function p_f()`,
    'p_orders: trigger t; the application writes what follows',
  ],
  [
    'a long name',
    `alter table p_plans add constraint ${'c'.repeat(51)} check (id is not null)`,
    `${'c'.repeat(51)}: a name of 51 characters, more than 50`,
  ],
]
for (const [name, sql, finding, kind] of planted)
  test(`finds ${name}`, async () => {
    const manifest = kind ? { ...kinds, p_x: kind } : kinds
    await pool.query('drop schema public cascade; create schema public')
    await pool.query(`${BASE}; ${sql}`)
    assert.ok((await lintCatalogue(pool, manifest)).includes(finding), (await lintCatalogue(pool, manifest)).join('\n'))
  })

test('finds nothing in what is in order, and says so where there is nothing', async () => {
  await pool.query('drop schema public cascade; create schema public')
  assert.deepEqual(await lintCatalogue(pool, {}), ['no table found'])
  await pool.query(BASE)
  assert.deepEqual(await lintCatalogue(pool, kinds), [])
})
