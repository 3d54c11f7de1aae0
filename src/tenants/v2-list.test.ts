import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { codeOf, openV2 } from '../../test/harness/v2.ts'
import { newId } from '../kernel/ids.ts'

const database = await testDatabase()
const { app, root, operator, programOf, make } = await openV2(database)
const partner = await make('partner', root.id, 'Partner')
const other = await make('partner', root.id, 'Other')
const reseller = await programOf(partner, 'partner_admin')
const north = await make('folder', partner, 'North')
const south = await make('folder', partner, 'South')
const customers: string[] = []
for (const name of ['Cyan', 'amber', 'Blue']) customers.push(await make('customer', north, name))
const foreign = await make('customer', other, 'Foreign')

interface Page {
  readonly timestamp: string
  readonly items: Record<string, unknown>[]
  readonly paging: { readonly cursors: { readonly after?: string } }
}
const list = async (query: string, as = reseller) => {
  const answer = await as.send('GET', `/api/2/tenants?${query}`)
  assert.equal(answer.status, 200, answer.text)
  return answer.body as unknown as Page
}
const idsOf = ({ items }: Page) => items.map(({ id }) => String(id))

test('row 40: unknown uuids in `GET /tenants?uuids=` are silently absent; malformed uuid 400', async () => {
  const page = await list(`uuids=${[north, newId(), foreign, other, south].join(',')}`)
  assert.deepEqual(idsOf(page), [north, south])
  assert.deepEqual(page.paging, { cursors: {} })
  const malformed = await reseller.send('GET', `/api/2/tenants?uuids=${north},nonsense`)
  assert.equal(malformed.status, 400)
  assert.equal(codeOf(malformed), 400)
})

test('a subtree has its root in it, and nothing of its neighbours', async () => {
  assert.deepEqual(idsOf(await list(`subtree_root_id=${partner}`)), [partner, north, ...customers, south])
  assert.deepEqual(idsOf(await list(`subtree_root_id=${north}`)), [north, ...customers])
  assert.deepEqual(idsOf(await list(`parent_id=${north}`)), customers)
  const all = idsOf(await list(`subtree_root_id=${root.id}&limit=1000`, operator))
  assert.equal(new Set(all).size, all.length)
  assert.ok(all.includes(foreign))
  const hidden = await reseller.send('GET', `/api/2/tenants?subtree_root_id=${other}`)
  assert.equal(codeOf(hidden), 1005)
})

test('a subtree whose number begins another one’s has none of it', async () => {
  const [one] = (await database.pool.query(`select id, path::text from tenants where id = $1`, [partner])).rows as {
    id: string
    path: string
  }[]
  const number = BigInt(String(one?.path.split('.')[1])) * 10n
  await database.pool.query(
    `insert into tenants (id, number, parent_id, seller_id, kind, name, path, access_path, created_at, updated_at)
     select $1, $2::bigint, id, $1, 'partner', 'Tenfold', path || $2::text, access_path, created_at, updated_at from tenants where id = $3`,
    [newId(), number.toString(), root.id],
  )
  assert.deepEqual(idsOf(await list(`subtree_root_id=${partner}`, operator)), [partner, north, ...customers, south])
})

test('exactly one of uuids, parent_id and subtree_root_id', async () => {
  for (const query of ['', `uuids=${north}&parent_id=${north}`, `parent_id=${north}&subtree_root_id=${north}`]) {
    const answer = await reseller.send('GET', `/api/2/tenants?${query}`)
    assert.equal(answer.status, 400, query)
  }
  assert.equal((await reseller.send('GET', '/api/2/tenants?uuids=')).status, 400)
})

test('pages join without gap or repetition; the cursor alone asks for the next one', async () => {
  const whole = idsOf(await list(`subtree_root_id=${partner}&lod=stamps`))
  const read: string[] = []
  let query = `subtree_root_id=${partner}&limit=2&lod=stamps`
  for (;;) {
    const page = await list(query)
    assert.deepEqual(Object.keys(page.items[0] ?? {}), ['id', 'version', 'created_at', 'updated_at', 'deleted_at'])
    read.push(...idsOf(page))
    const { after } = page.paging.cursors
    if (after === undefined) break
    query = `after=${encodeURIComponent(after)}&limit=2`
  }
  assert.deepEqual(read, whole)
  assert.equal((await reseller.send('GET', '/api/2/tenants?after=forged')).status, 400)
})

test('a cursor of another’s subtree opens nothing', async () => {
  const { after = '' } = (await list(`subtree_root_id=${other}&limit=1`, operator)).paging.cursors
  assert.notEqual(after, '')
  assert.equal(codeOf(await reseller.send('GET', `/api/2/tenants?after=${after}`)), 1005)
})

test('tells what was written since, at the wanted level, deleted ones when asked for', async () => {
  app.clock.advance(60_000)
  const since = app.clock.now().toISOString()
  const changed = await operator.send('PUT', `/api/2/tenants/${south}`, { version: 1, enabled: false })
  assert.equal(changed.status, 200)
  const page = await list(`subtree_root_id=${partner}&updated_since=${since}&lod=basic`)
  assert.deepEqual(idsOf(page), [south])
  assert.equal(page.items[0]?.['name'], 'South')
  assert.equal(page.items[0]?.['contact'], undefined)
  assert.equal(page.timestamp, since)
  assert.equal((await operator.send('DELETE', `/api/2/tenants/${south}?version=2`)).status, 204)
  assert.ok(!idsOf(await list(`subtree_root_id=${partner}`)).includes(south))
  const deleted = await list(`uuids=${south}&allow_deleted=true&with_contacts=true`)
  assert.equal(deleted.items[0]?.['deleted_at'], since)
  assert.match(JSON.stringify(deleted.items[0]?.['contacts']), /^\[\{[^[{]*"types":\[\][^[{]*\}\]$/)
})

test('children come by name or in another order, as ids or with all of them, page by page', async () => {
  const children = async (query: string) => {
    const answer = await reseller.send('GET', `/api/2/tenants/${north}/children?${query}`)
    assert.equal(answer.status, 200, answer.text)
    return answer.body as unknown as { items: (string | { name: string })[]; paging: { cursors: { after?: string } } }
  }
  const byName = (await children('')).items
  assert.equal(byName.length, 3)
  assert.deepEqual((await children('order=-name')).items, byName.toReversed())
  assert.deepEqual((await children('order=created_at')).items, customers)
  for (const order of ['name', '-name', 'updated_at']) {
    const read: unknown[] = []
    let after: string | undefined
    do {
      const page = await children(`order=${order}&limit=1${after === undefined ? '' : `&after=${after}`}`)
      read.push(...page.items)
      after = page.paging.cursors.after
    } while (after !== undefined)
    assert.deepEqual(read, (await children(`order=${order}`)).items, order)
  }
  const found = (await children('include_details=true')).items as { name: string; id: string }[]
  assert.equal(found.find(({ name }) => name === 'Blue')?.id, customers[2])
  assert.equal(codeOf(await reseller.send('GET', `/api/2/tenants/${other}/children`)), 1005)
  assert.equal((await reseller.send('GET', `/api/2/tenants/${north}/children?order=secret`)).status, 400)
})

test('a page of a subtree is read from an index, however large the tree is', async () => {
  await database.pool.query(
    `insert into tenants (id, number, parent_id, seller_id, kind, name, path, access_path, created_at, updated_at)
     select gen_random_uuid(), n, p.id, p.seller_id, 'customer', 'Many ' || n, p.path || n::text, p.access_path, p.created_at, p.updated_at
       from tenants p, generate_series(5000000, 5030000) as n where p.id = $1`,
    [other],
  )
  await database.pool.query('analyze tenants')
  const started = performance.now()
  let pages = 0
  let total = 0
  let query = `subtree_root_id=${other}&limit=1000&lod=stamps`
  for (;;) {
    const page = await list(query, operator)
    pages++
    total += page.items.length
    const { after } = page.paging.cursors
    if (after === undefined) break
    query = `after=${after}&limit=1000`
  }
  assert.equal(pages, 31)
  assert.equal(total, 30_003)
  const each = (performance.now() - started) / pages
  assert.ok(each < 1500, `a page took ${Math.round(each)} ms`)
  const one = await list(`parent_id=${other}&limit=2`, operator)
  assert.equal(one.items.length, 2)
  const named = await operator.send('GET', `/api/2/tenants/${other}/children?limit=2&order=-name`)
  assert.equal((named.body['items'] as unknown as string[]).length, 2)
})

test('items and paths come with the list where asked for, over its pages too', async () => {
  const top = await make('partner', root.id)
  const folder = await make('folder', top)
  const customer = await make('customer', folder)
  const query = `subtree_root_id=${top}&limit=2&with_offering_items=true&include_relative_path=true`
  const first = await operator.send('GET', `/api/2/tenants?${query}`)
  assert.equal(first.status, 200, first.text)
  const { after } = (first.body['paging'] as unknown as { cursors: { after: string } }).cursors
  const rest = await operator.send('GET', `/api/2/tenants?after=${encodeURIComponent(after)}`)
  const items = [first, rest].flatMap(
    ({ body }) =>
      body['items'] as unknown as {
        id: string
        path?: string[]
        relative_path: string[]
        offering_items: { name: string; tenant_id: string; status: number }[]
      }[],
  )
  assert.deepEqual(
    items.map(({ id, path, relative_path }) => [id, path, relative_path]),
    [
      [top, undefined, []],
      [folder, undefined, [top]],
      [customer, undefined, [folder, top]],
    ],
  )
  assert.deepEqual(
    items.at(-1)?.offering_items.map(({ name }) => name),
    ['storage', 'workstations', 'servers', 'vms', 'mobiles'],
  )
  assert.ok(items.every(({ id, offering_items }) => offering_items.every((item) => item.tenant_id === id)))
  const plain = await operator.send('GET', `/api/2/tenants?uuids=${customer}`)
  assert.doesNotMatch(plain.text, /offering_items|relative_path/)
})

test('a place in a list that was made up is refused', async () => {
  const id = newId()
  for (const place of [
    ['subtree', 'x', '', 'full', '', '1'],
    ['uuids', `${id},x`, '', 'full', '', '1'],
    ['uuids', id, 'yesterday', 'full', '', '1'],
  ]) {
    const after = Buffer.from(JSON.stringify(place)).toString('base64url')
    assert.equal((await operator.send('GET', `/api/2/tenants?after=${after}`)).status, 400, place.join())
  }
})
