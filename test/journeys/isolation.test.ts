import assert from 'node:assert/strict'
import { test } from 'node:test'
import { workOf } from '../../src/application-jobs.ts'
import { newId } from '../../src/kernel/ids.ts'
import { findTenant } from '../../src/tenants/index.ts'
import { testDatabase } from '../harness/database.ts'
import {
  fingerprintOf,
  kindOf,
  leakIn,
  type Operation,
  operationsOf,
  requestOf,
  secretsOf,
  type Stranger,
  thingsOf,
} from '../harness/isolation.ts'
import { openV2, type V2Answer } from '../harness/v2.ts'

const database = await testDatabase()
const { db, pool } = database
const { app, root, operator, programOf, make, request } = await openV2(database)

/** root ─┬─ Northwind, with all that the demonstration has ── Contoso;  └─ upper ── own ── below */
const northwind = await db.selectFrom('brands').select('tenant_id as id').executeTakeFirstOrThrow()
const contoso = await db
  .selectFrom('tenants')
  .where('name', '=', 'Contoso Dental')
  .select('id')
  .executeTakeFirstOrThrow()
const upper = await make('partner', root.id)
const own = await make('partner', upper)
const below = await make('customer', own)
const caller = await programOf(own, 'partner_admin')

for (const [sellerId, name] of [
  [northwind.id, 'beside'],
  [upper, 'above'],
  [own, 'within'],
])
  await pool.query(
    `insert into connectors (seller_id, name, url, secret, deadline_minutes, created_at, updated_at)
     values ($1, $2, 'https://service.example/', '', 60, now(), now())`,
    [sellerId, name],
  )

const addUser = async (tenant: string) => {
  const login = `user-${newId()}`
  const sent = { tenant_id: tenant, login, contact: { email: `${login}@example.com` } }
  const made = await operator.send('POST', '/api/2/users', sent)
  assert.equal(made.status, 200, made.text)
  return String(made.body['id'])
}
const idsAt = async (tenantId: string, role: 'partner_admin' | 'company_admin' | 'root_admin', sellers: string[]) => ({
  ...(await thingsOf(pool, sellers)),
  user: await addUser(tenantId),
  client: (await programOf(tenantId, role)).clientId,
  tenant: tenantId,
  account: tenantId,
  customer: tenantId,
})
const strangers: Stranger[] = [
  { name: 'a sibling', tenantId: northwind.id, ids: await idsAt(northwind.id, 'partner_admin', [northwind.id]) },
  { name: 'a sibling’s customer', tenantId: contoso.id, ids: await idsAt(contoso.id, 'company_admin', [northwind.id]) },
  { name: 'an ancestor', tenantId: upper, ids: await idsAt(upper, 'partner_admin', [upper, root.id]) },
]
const kin: Stranger[] = [
  { name: 'its own', tenantId: own, ids: await idsAt(own, 'partner_admin', [own]) },
  { name: 'a descendant’s', tenantId: below, ids: await idsAt(below, 'company_admin', [own]) },
]

// What time has brought about by now is done, so that what changes below is the requests' doing.
for (const { run } of workOf(app.parts).scheduled ?? []) await run()
await app.jobs.drain()
const foreign = [northwind.id, upper, root.id]
const inside = await findTenant(db, own)
assert.ok(inside)
const secrets = await secretsOf(pool, foreign)
const before = await fingerprintOf(pool, foreign, inside)

const document = (await request('GET', '/openapi.json')).body
const operations = operationsOf(document).filter(({ isPublic }) => !isPublic)
const ask = (operation: Operation, ids: Stranger['ids'], unknown: string): Promise<V2Answer> => {
  const { url, body } = requestOf(operation, ids, unknown)
  return caller.send(operation.method, url, UNTYPED[operation.name]?.(ids['tenant'] ?? unknown) ?? body)
}
/** Bodies that name something where no schema says so. */
const UNTYPED: Readonly<Record<string, (tenantId: string) => object>> = {
  'POST /api/v1/usage': (tenantId) => ({
    specversion: '1.0',
    id: `isolation-${++events}`,
    source: '/isolation',
    type: 'usage',
    subject: tenantId,
    time: '2026-03-01T12:00:00Z',
    data: { usage_name: 'storage', delta: 5 },
  }),
}
let events = 0
/** Without what differs between two requests by nature. */
const told = ({ text }: V2Answer, sent: readonly string[]): string =>
  sent
    .reduce((rest, id) => rest.replace(new RegExp(`(?<![\\w-])${id}(?![\\w-])`, 'g'), 'ID'), text)
    .replace(/"request_id":"[^"]+"/g, '')
    .replace(/"(timestamp|created_at|updated_at)":"[^"]+"/g, '')

const NO_NUMBER = '987654321'
const names = (operation: Operation): string[] =>
  [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => kindOf(name ?? '', operation.path) ?? '')

/** Anyone may call them: sign-in and what comes before it, tokens, links that carry their own proof. */
const PUBLIC =
  /^\/(?:\.well-known\/|api\/2\/idp\/|api\/v1\/(?:sessions?|registrations|password-resets|buy-links\/explain|provisioning-tasks|stripe\/webhooks)(?:\/|$))/

test('every operation of both surfaces is walked, but those that anyone may call', () => {
  const all = operationsOf(document)
  const left = all.filter(({ name }) => !operations.some((each) => each.name === name)).map(({ path }) => path)
  assert.deepEqual(
    left.filter((path) => !PUBLIC.test(path)),
    [],
  )
  assert.ok(all.length > 200, `${all.length}`)
})

for (const { name, foreign, finds } of [
  { name: 'an id of another tenant', foreign: { status: 404, text: 'Order secret-id' }, finds: /^tells secret-id/ },
  { name: 'another status', foreign: { status: 403, text: 'None' }, finds: /^403 where 404/ },
  { name: 'another word', foreign: { status: 404, text: 'Not yours' }, finds: /^says “Not yours”/ },
  { name: 'a failure', foreign: { status: 500, text: 'None' }, finds: /^fails/ },
  { name: 'nothing', foreign: { status: 404, text: 'None' }, finds: undefined },
])
  test(`the walk sees ${name}`, () => {
    const leak = leakIn(foreign, { status: 404, text: 'None' }, ['secret-id'])
    if (finds) assert.match(leak ?? '', finds)
    else assert.equal(leak, undefined)
  })

for (const operation of operations) {
  for (const stranger of strangers)
    test(`${operation.name}: what is of ${stranger.name} answers as what does not exist`, async () => {
      const unknown = newId<string>()
      const foreign = await ask(operation, stranger.ids, unknown)
      // Of what goes by a number, a number that nothing has.
      const numeric = Object.entries(stranger.ids).filter(([, id]) => /^\d+$/.test(id))
      const missing = await ask(operation, Object.fromEntries(numeric.map(([kind]) => [kind, NO_NUMBER])), unknown)
      const sent = [...Object.values(stranger.ids), unknown, NO_NUMBER]
      const [one, other] = [foreign, missing].map((answer) => ({ status: answer.status, text: told(answer, sent) }))
      assert.ok(one && other)
      assert.equal(leakIn(one, other, secrets), undefined)
    })
  if (operation.method === 'GET' && names(operation).some((kind) => ['tenant', 'user', 'client'].includes(kind)))
    for (const relative of kin)
      test(`${operation.name}: what is ${relative.name} is told`, async () => {
        const answer = await ask(operation, relative.ids, newId())
        assert.ok(answer.status < 500, answer.text)
        // What it names besides is unknown; and a customer has no brand, which is told as that.
        if (names(operation).length === 1 && !operation.path.endsWith('/logo'))
          assert.ok(![401, 403, 404].includes(answer.status), answer.text)
      })
}

test('after all of it nothing of another tenant has changed', async () => {
  assert.deepEqual(await fingerprintOf(pool, foreign, inside), before)
})

for (const operation of operations.filter(({ method }) => method !== 'GET'))
  test(`${operation.name}: what is its own or a descendant’s may be changed, and never fails`, async () => {
    for (const { ids } of kin.toReversed()) {
      const answer = await ask(operation, ids, newId())
      assert.ok(answer.status < 500, answer.text)
      assert.notEqual(answer.status, 401, 'the caller is still there')
    }
  })

test('nor has anything of another tenant after changes to its own; a change there would be seen', async () => {
  assert.deepEqual(await fingerprintOf(pool, foreign, inside), before)
  await pool.query(`update tenants set internal_tag = 'planted' where id = $1`, [contoso.id])
  assert.notDeepEqual(await fingerprintOf(pool, foreign, inside), before)
})
