import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { SIGN_INS } from '../demonstration/index.ts'

/** What a page may take at most, beside everything else that runs on the machine; without its indexes it takes seconds. */
const MOST_MS = 1_500

test('a level of 100,000 tenants is walked, and searched, without reading all of them for each page', async () => {
  const database = await testDatabase()
  const app = await openApplication(database)
  await database.pool.query(`
    insert into tenants (id, number, parent_id, seller_id, kind, name, path, access_path, language, created_at, updated_at)
    select gen_random_uuid(), 100000 + n, r.id, r.seller_id, 'customer', 'Customer ' || n, r.path || (100000 + n)::text, r.path,
           'en', '2026-01-01', '2026-01-01'
      from tenants r, generate_series(1, 100000) n where r.kind = 'root'`)
  await database.pool.query('analyze tenants')
  const operator = app.caller()
  await operator.signIn(SIGN_INS.operator)
  const page = async (query: string): Promise<{ items: { name: string }[]; next_cursor: string }> => {
    const began = performance.now()
    const { status, body, text } = await operator.send('GET', `/api/v1/tenants?${query}`)
    assert.equal(status, 200, text)
    const tookMs = Math.round(performance.now() - began)
    assert.ok(tookMs < MOST_MS, `${query}: ${tookMs} ms`)
    return body as never
  }
  const first = await page('limit=200')
  assert.equal(first.items.length, 200)
  const second = await page(`limit=200&cursor=${first.next_cursor}`)
  assert.equal(new Set([...first.items, ...second.items].map(({ name }) => name)).size, 400)
  assert.deepEqual(
    (await page('query=Customer%2077777')).items.map(({ name }) => name),
    ['Customer 77777'],
  )
  assert.deepEqual(
    (await page('query=177777')).items.map(({ name }) => name),
    ['Customer 77777'],
  )
  assert.deepEqual((await page('query=nothing')).items, [])
})
