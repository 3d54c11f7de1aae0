import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { z } from 'zod'
import { testDatabase } from '../../../test/harness/database.ts'
import { testPrincipal, testServer } from '../../../test/harness/http.ts'
import { withCsv } from './csv.ts'
import { byNumber, byText, byTime, readPage, sortInput, sortWhole, listing } from './list.ts'
import { route } from './route.ts'
import { Amount, encodeCursor, Instant, pageInput, pageOf, Uuid, Version } from './schemas.ts'

const database = await testDatabase()
const { db, pool } = database

/** Some names stand three times, one is a formula; every fifth has not ended. */
await pool.query(`
  create table things as
  select overlay(overlay(md5(i::text) placing '7' from 13) placing '8' from 17)::uuid as id, case when i = 7 then '=HYPERLINK("x")' else 'Thing ' || (i * 37 % 400) end as name,
         (i * 7919 % 1000)::bigint as total, case when i % 5 <> 0 then timestamptz '2026-03-01' + i * interval '1.001 second' end as ended
    from generate_series(1, 1203) i`)
const THINGS = sql`select id, name, total, ended from things`
interface Thing {
  readonly id: string
  readonly name: string
  readonly total: bigint
  readonly ended: Date | null
}
const LISTING = listing('newest', { name: byText('name'), total: byNumber('total'), ended: byTime('ended') })
const all = (await sql<Thing>`${THINGS}`.execute(db)).rows

const KEYS: Readonly<Record<string, (thing: Thing) => string | number>> = {
  name: ({ name }) => name.toLowerCase(),
  total: ({ total }) => Number(total),
  ended: ({ ended }) => ended?.getTime() ?? Number.POSITIVE_INFINITY,
}
const isInOrder = (items: readonly Thing[], sort: string): boolean =>
  items.slice(1).every((thing, index) => {
    const before = items[index] as Thing
    const key = KEYS[sort.replace('-', '')]
    const [one, other] = key ? [key(before), key(thing)] : [before.id, thing.id]
    if (one === other) return sort.startsWith('-') ? before.id > thing.id : before.id < thing.id
    return (sort === '' || sort.startsWith('-') ? one > other : one < other) || typeof one === 'string'
  })

test('page by page every row comes once and in order, whatever it is sorted by', async () => {
  const sorts = ['', ...Object.keys(KEYS).flatMap((key) => [key, `-${key}`])]
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...sorts), fc.integer({ min: 90, max: 700 }), async (sort, limit) => {
      const read: Thing[] = []
      let cursor: string | undefined
      do {
        const page = await readPage<Thing>(db, THINGS, LISTING, { cursor, limit, sort: sort || undefined })
        read.push(...page.items)
        cursor = page.nextCursor ?? undefined
      } while (cursor !== undefined)
      assert.equal(new Set(read.map(({ id }) => id)).size, all.length)
      assert.equal(read.length, all.length)
      assert.ok(isInOrder(read, sort), `by ${sort}`)
    }),
    { numRuns: 25 },
  )
})

test('what is added between two pages neither repeats nor hides a row', async () => {
  const first = await readPage<Thing>(db, THINGS, LISTING, { limit: 600, sort: 'name' })
  await pool.query(`insert into things values ('ffffffff-0000-7000-8000-000000000001', 'aaa', 1, null)`)
  const rest = await readPage<Thing>(db, THINGS, LISTING, {
    limit: 700,
    sort: 'name',
    cursor: first.nextCursor ?? undefined,
  })
  await pool.query(`delete from things where name = 'aaa'`)
  assert.equal(rest.nextCursor, null)
  assert.deepEqual([...first.items, ...rest.items].map(({ id }) => id).sort(), all.map(({ id }) => id).sort())
})

for (const { name, cursor } of [
  { name: 'of another order', cursor: ['-total', '5', all[0]?.id ?? ''] },
  { name: 'with a key that is no number', cursor: ['total', 'x', all[0]?.id ?? ''] },
  { name: 'with an id that is none', cursor: ['total', '5', 'x'] },
  { name: 'with a part too few', cursor: ['total', '5'] },
])
  test(`a cursor ${name} is refused`, async () => {
    const page = { cursor: encodeCursor(cursor), limit: 10, sort: 'total' }
    await assert.rejects(readPage(db, THINGS, LISTING, page), { code: 'invalid_request' })
  })

test('a list that is given whole is sorted by what was asked, what is missing last', () => {
  const items = [{ n: 2 }, { n: null }, { n: 10 }, { n: 1 }]
  const keys = { n: ({ n }: { n: number | null }) => n }
  assert.deepEqual(sortWhole(items, undefined, keys), items)
  assert.deepEqual(
    sortWhole(items, 'n', keys).map(({ n }) => n),
    [1, 2, 10, null],
  )
  assert.deepEqual(
    sortWhole(items, '-n', keys).map(({ n }) => n),
    [null, 10, 2, 1],
  )
})

const Row = z.object({
  id: Uuid,
  label: z.object({ name: z.string(), short: z.string() }).nullable(),
  total: Amount,
  endedAt: Instant.nullable(),
  tags: z.array(z.string()),
  parts: z.array(z.object({ shownName: z.string() })),
  version: Version,
})
let fails = false
const { request } = await testServer(database, {
  actor: () => testPrincipal({ scopes: new Set(['things:read']) }),
  routes: withCsv(
    route({
      method: 'GET',
      path: '/api/v1/things',
      scope: 'things:read',
      summary: 'List things',
      input: z.object({ ...pageInput, ...sortInput(LISTING), above: z.coerce.bigint().optional() }),
      output: pageOf(Row),
      async handle({ db: read }, { above = -1n, ...wish }) {
        if (fails) throw new Error('The database is away')
        const page = await readPage<Thing>(read, sql`${THINGS} where total > ${above}`, LISTING, wish)
        return {
          ...page,
          items: page.items.map(({ id, name, total, ended }) => ({
            id,
            label: ended === null ? null : { name, short: name.slice(-3) },
            total: { amountMinor: total, currency: 'EUR' },
            endedAt: ended,
            tags: ['a', 'b'],
            parts: [{ shownName: name }],
            version: 1n,
          })),
        }
      },
    }),
  ),
})

test('the file of a list has all its pages, its filters and its order', async () => {
  const answer = await request('GET', '/api/v1/things.csv?sort=-total&above=500')
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('content-type'), 'text/csv')
  assert.equal(answer.headers.get('content-disposition'), 'attachment; filename="things.csv"')
  const [head, ...lines] = answer.text.replace('\uFEFF', '').trimEnd().split('\r\n')
  assert.equal(head, 'id,label_name,label_short,total,total_currency,ended_at,tags,parts')
  const expected = all.filter(({ total }) => total > 500n).map(({ total }) => Number(total) / 100)
  assert.deepEqual(
    lines.map((line) => Number(/,([\d.]+),EUR,/.exec(line)?.[1])),
    expected.toSorted((one, other) => other - one),
  )
  assert.ok(lines.length > 500, 'more than is read at once')
})

test('the file is UTF-8 with its mark, and holds nothing that a spreadsheet would run', async () => {
  const { text } = await request('GET', '/api/v1/things.csv?sort=name')
  assert.equal([...text.matchAll(/\uFEFF/g)].length, text.startsWith('\uFEFF') ? 1 : 0)
  assert.match(text, /,"'=HYPERLINK\(""x""\)",/)
  assert.match(text, /,,,\d+\.\d\d,EUR,,a; b,"\[\{""shown_name""/)
})

test('what fails before the first row answers as a failure, and nobody without the scope gets a file', async () => {
  fails = true
  const answer = await request('GET', '/api/v1/things.csv')
  fails = false
  assert.equal(answer.status, 500)
  assert.match(answer.headers.get('content-type') ?? '', /problem\+json/)
  assert.equal((await request('GET', '/api/v1/things.csv?cursor=x')).status, 400)
})
