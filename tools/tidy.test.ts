import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { checkTidiness } from './tidy.ts'

const root = mkdtempSync(join(tmpdir(), 'buylink-tidy-'))
after(() => rmSync(root, { recursive: true, force: true }))

const house = {
  'migrations/0001_all.sql':
    'create table orders (\n id uuid);\ncreate table quotas (id uuid);\ncreate table loose (id uuid);create table tenants (id uuid);',
  'src/orders/schema.ts': `declare module '../platform/db.ts' { interface Database { orders: { id: string } } }`,
  'src/quotas/schema.ts': `declare module '../platform/db.ts' { interface Database { quotas: { id: string } } }`,
}

let count = 0
function found(files: Record<string, string>): string[] {
  const folder = join(root, String(++count))
  for (const [path, text] of Object.entries({ ...house, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return checkTidiness(folder)
}

const quotasOwner = 'src/orders/a.ts: reads table quotas, which belongs to src/quotas'
const planted: [name: string, path: string, text: string, finding: string][] = [
  [
    'a table that the release before knows by another name',
    'migrations/0099_a.sql',
    'select 1;\nalter table orders rename to sales',
    'migrations/0099_a.sql: rename to; the release before may be at work beside it',
  ],
  [
    'a column that the release before does not fill',
    'migrations/0099_a.sql',
    'alter table orders alter column id set not null',
    'migrations/0099_a.sql: set not null; the release before may be at work beside it',
  ],
  ["another's table in the query builder", 'src/orders/a.ts', `db.selectFrom('quotas as q')`, quotasOwner],
  [
    "another's table in a join",
    'src/orders/a.ts',
    `db.selectFrom('orders').innerJoin('quotas', 'a', 'b')`,
    quotasOwner,
  ],
  ["another's table in SQL", 'src/orders/a.ts', 'sql`select 1 from orders join quotas on true`', quotasOwner],
  ["another's table behind a value", 'src/orders/a.ts', 'sql`select 1 from ${a} join quotas on ${b}`', quotasOwner],
  [
    "a write of another's table",
    'src/orders/a.ts',
    'sql`update quotas set id = ${id}`',
    quotasOwner.replace('reads', 'writes'),
  ],
  [
    "a deletion of another's rows",
    'src/orders/a.ts',
    'sql`delete from quotas`',
    quotasOwner.replace('reads', 'writes'),
  ],
  [
    'a view that reads upwards',
    'src/orders/a-view.ts',
    `db.selectFrom('quotas')`,
    quotasOwner.replace('a.ts', 'a-view.ts'),
  ],
  [
    'a view that writes',
    'src/orders/a-view.ts',
    `db.updateTable('orders')`,
    'src/orders/a-view.ts: a view that writes table orders',
  ],
  [
    'SQL that reads the clock',
    'src/orders/a.ts',
    'sql`update orders set at = now()`',
    'src/orders/a.ts:1: SQL reads the clock; pass the time in',
  ],
  [
    'the time of day',
    'src/orders/a.ts',
    'const a = 1\nDate.now()',
    "src/orders/a.ts:2: reads the system's clock; take a Clock",
  ],
  ['a date of now', 'src/platform/a.ts', 'new Date()', "src/platform/a.ts:1: reads the system's clock; take a Clock"],
  ['a cast to any', 'test/a.ts', 'const a = 1 as any', 'test/a.ts:1: any'],
  [
    'a silenced checker',
    'src/orders/a.test.ts',
    '// @ts-expect-error no',
    'src/orders/a.test.ts:1: silences the type checker',
  ],
  ['a file of 351 lines', 'bench/a.ts', '\n'.repeat(350), 'bench/a.ts: 351 lines, more than 350'],
]
for (const [name, path, text, finding] of planted)
  test(`finds ${name}`, () => assert.deepEqual(found({ [path]: text }), [finding]))

test('finds a reader of a table that only another folder writes', () => {
  const files = { 'src/orders/a.ts': `db.insertInto('loose')`, 'src/quotas/a.ts': `db.selectFrom('loose')` }
  assert.deepEqual(found(files), ['src/quotas/a.ts: reads table loose, which belongs to src/orders'])
})

test('finds two folders at a table that none declares', () => {
  const text = `db.deleteFrom('loose')`
  assert.deepEqual(found({ 'src/orders/a.ts': text, 'src/quotas/a.ts': text }), [
    'table loose is touched by src/orders/a.ts, src/quotas/a.ts: its owner declares no row',
  ])
})

const allowed: [name: string, path: string, text: string][] = [
  [
    'a hot statement',
    'src/orders/place.hot.ts',
    'sql`with q as (update quotas set id = 1) insert into orders select 1`',
  ],
  ["a test at another's table", 'src/orders/a.test.ts', `db.selectFrom('quotas'); Date.now()`],
  ['a view that reads downwards', 'src/quotas/used-view.ts', `db.selectFrom('quotas').innerJoin('orders', 'a', 'b')`],
  ['a join with tenants', 'src/orders/a.ts', `db.selectFrom('orders').innerJoin('tenants', 'a', 'b')`],
  ['words that are no SQL', 'src/orders/a.ts', `const text = 'from quotas to orders' // update quotas`],
  ['the clock itself', 'src/kernel/time.ts', 'new Date()'],
  ['a date of a value', 'src/orders/a.ts', 'new Date(0)'],
]
for (const [name, path, text] of allowed) test(`lets ${name} be`, () => assert.deepEqual(found({ [path]: text }), []))

test('finding nothing to check is a failure', () => {
  const folder = join(root, 'empty')
  mkdirSync(folder)
  assert.deepEqual(checkTidiness(folder), ['no source found'])
})
