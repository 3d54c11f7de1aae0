import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { testSeller } from '../../test/harness/sellers.ts'
import { codeOf, openV2 } from '../../test/harness/v2.ts'
import { newId } from '../kernel/ids.ts'

const database = await testDatabase()
const { app, root, operator, programOf, request } = await openV2(database)
const one = await testSeller(database.db, app.clock, 'one.example')
const other = await testSeller(database.db, app.clock, 'other.example')
const reseller = await programOf(one.tenant.id, 'partner_admin')

test('a program learns its own tenant from its client', async () => {
  const client = await reseller.send('GET', `/api/2/clients/${reseller.clientId}`)
  assert.equal(client.status, 200, client.text)
  assert.equal(client.body['tenant_id'], one.tenant.id)
  assert.equal(client.body['status'], 'enabled')
  assert.doesNotMatch(client.text, /secret of/)
  const above = await reseller.send('GET', `/api/2/clients/${operator.clientId}`)
  assert.equal(above.status, 404)
})

test('a tenant has the fields and types of the documents', async () => {
  const { status, body } = await reseller.send('GET', `/api/2/tenants/${one.tenant.id}`)
  assert.equal(status, 200)
  assert.deepEqual(body, {
    id: one.tenant.id,
    version: 1,
    created_at: '2026-03-01T12:00:00.000Z',
    updated_at: '2026-03-01T12:00:00.000Z',
    deleted_at: null,
    name: 'one.example',
    customer_type: 'default',
    parent_id: root.id,
    kind: 'partner',
    contact: {
      id: one.tenant.id,
      created_at: '2026-03-01T12:00:00.000Z',
      updated_at: '2026-03-01T12:00:00.000Z',
      types: [],
      email: '',
      address1: '',
      address2: '',
      country: '',
      state: '',
      city: '',
      zipcode: '',
      phone: '',
      firstname: '',
      lastname: '',
      title: '',
      website: '',
      industry: '',
      organization_size: '',
      email_confirmed: false,
      aan: '',
    },
    contacts: [],
    enabled: true,
    customer_id: null,
    brand_id: 1,
    brand_uuid: root.id,
    brand_enabled: false,
    internal_tag: null,
    language: 'en',
    owner_id: null,
    has_children: false,
    default_idp_id: null,
    update_lock: { enabled: false, owner_id: null },
    ancestral_access: true,
    mfa_status: 'disabled',
    pricing_mode: 'production',
    production_start_date: null,
    external_operation_status: null,
  })
})

test('the root stands below itself; a path tells nobody of those above', async () => {
  const { body } = await operator.send('GET', `/api/2/tenants/${root.id}`)
  assert.equal(body['parent_id'], root.id)
  const seen = await operator.send('GET', `/api/2/tenants/${one.tenant.id}?embed_path=true`)
  assert.deepEqual(seen.body['path'], [root.id])
  const own = await reseller.send('GET', `/api/2/tenants/${one.tenant.id}?embed_path=1`)
  assert.deepEqual(own.body['path'], [])
})

test('the brand of a tenant is its own, else that of the nearest above', async () => {
  const northwind = await database.db.selectFrom('brands').select('tenant_id').executeTakeFirstOrThrow()
  const { body } = await operator.send('GET', `/api/2/tenants/${northwind.tenant_id}`)
  assert.equal(body['brand_enabled'], true)
  assert.equal(body['brand_uuid'], northwind.tenant_id)
  assert.equal(typeof body['brand_id'], 'number')
})

test('an unknown, a foreign and a malformed tenant are not found, in the documented shape', async () => {
  const foreign = await reseller.send('GET', `/api/2/tenants/${other.tenant.id}`)
  const unknown = await reseller.send('GET', `/api/2/tenants/${newId()}`)
  const malformed = await reseller.send('GET', '/api/2/tenants/nonsense')
  for (const answer of [foreign, unknown, malformed]) {
    assert.equal(answer.status, 404)
    const { error } = answer.body as unknown as { error: Record<string, unknown> }
    assert.deepEqual(Object.keys(error), ['code', 'domain', 'message', 'details', 'context'])
    assert.equal(error['code'], 1005)
    assert.equal(error['domain'], 'PlatformAccountServer')
  }
  const without = ({ error }: Record<string, unknown>) => ({ ...(error as object), context: undefined })
  assert.deepEqual(without(foreign.body), without(unknown.body))
})

test('failures before a route is known have the documented shape too', async () => {
  const nothing = await operator.send('GET', '/api/2/nothing')
  assert.equal(nothing.status, 404)
  assert.equal(codeOf(nothing), 404)
  const anonymous = await request('GET', `/api/2/tenants/${one.tenant.id}`)
  assert.equal(anonymous.status, 401)
  assert.equal(codeOf(anonymous), 401)
  const method = await operator.send('PATCH', `/api/2/tenants/${one.tenant.id}`, {})
  assert.equal(method.status, 405)
  assert.equal(codeOf(method), 405)
})

test('a missing right is told with 403 and code 1002', async () => {
  const narrow = await programOf(one.tenant.id, 'partner_admin', ['clients:read'])
  const answer = await narrow.send('GET', `/api/2/tenants/${one.tenant.id}`)
  assert.equal(answer.status, 403)
  assert.equal(codeOf(answer), 1002)
})
