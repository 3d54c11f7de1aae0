import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '../../src/kernel/ids.ts'
import { findTenant } from '../../src/tenants/index.ts'
import { testDatabase } from '../harness/database.ts'
import {
  fingerprintOf,
  kindOf,
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
  return caller.send(operation.method, url, body)
}
/** Without what differs between two requests by nature. */
const told = ({ text }: V2Answer, sent: readonly string[]): string =>
  sent
    .reduce((rest, id) => rest.replace(new RegExp(`(?<![\\w-])${id}(?![\\w-])`, 'g'), 'ID'), text)
    .replace(/"request_id":"[^"]+"/g, '')
    .replace(/"(timestamp|created_at|updated_at)":"[^"]+"/g, '')

const NO_NUMBER = '987654321'
const names = (operation: Operation): string[] =>
  [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => kindOf(name ?? '', operation.path) ?? '')

test('both surfaces are walked', () => {
  assert.ok(operations.filter(({ path }) => path.startsWith('/api/2/')).length > 25)
  assert.ok(operations.filter(({ path }) => path.startsWith('/api/v1/')).length > 15)
})

for (const operation of operations) {
  for (const stranger of strangers)
    test(`${operation.name}: what is of ${stranger.name} answers as what does not exist`, async () => {
      const unknown = newId<string>()
      const foreign = await ask(operation, stranger.ids, unknown)
      // Of what goes by a number, a number that nothing has.
      const numeric = Object.entries(stranger.ids).filter(([, id]) => /^\d+$/.test(id))
      const missing = await ask(operation, Object.fromEntries(numeric.map(([kind]) => [kind, NO_NUMBER])), unknown)
      assert.ok(foreign.status < 500, foreign.text)
      for (const secret of secrets)
        if (!Object.values(stranger.ids).includes(secret))
          assert.ok(!foreign.text.includes(secret), `tells ${secret}: ${foreign.text.slice(0, 500)}`)
      assert.equal(foreign.status, missing.status, foreign.text)
      const sent = [...Object.values(stranger.ids), unknown, NO_NUMBER]
      assert.equal(told(foreign, sent), told(missing, sent))
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
