import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { codeOf, openV2, type V2Answer } from '../../test/harness/v2.ts'
import { newId } from '../kernel/ids.ts'

const { request, root, operator, programOf, make } = await openV2(await testDatabase())
const partner = await make('partner', root.id)
const other = await make('partner', root.id)
const customer = await make('customer', partner)
const reseller = await programOf(partner, 'partner_admin')

const refused = (answer: V2Answer, status: number, code: number) => {
  assert.equal(answer.status, status, answer.text)
  assert.equal(codeOf(answer), code, answer.text)
}
const create = (body: object, as = reseller) =>
  as.send('POST', '/api/2/clients', { data: { client_name: 'Made' }, ...body })
const pause = () => new Promise((resolve) => setTimeout(resolve, 1100))
const tokenOf = (made: V2Answer) =>
  request('POST', '/api/2/idp/token', `grant_type=client_credentials`, {
    authorization: `Basic ${Buffer.from(`${String(made.body['client_id'])}:${String(made.body['client_secret'])}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
  })

test('a new client has a secret that is told once, and works at its tenant', async () => {
  const made = await create({
    tenant_id: customer,
    type: 'api_client',
    token_endpoint_auth_method: 'client_secret_post',
  })
  assert.equal(made.status, 201, made.text)
  const { client_id: id, client_secret: secret, ...rest } = made.body as unknown as Record<string, string>
  assert.deepEqual(rest, {
    type: 'api_client',
    tenant_id: customer,
    token_endpoint_auth_method: 'client_secret_post',
    data: { client_name: 'Made' },
    role_id: 'company_admin',
    scopes: null,
    status: 'enabled',
    created_at: '2026-03-01T12:00:00.000Z',
    created_by: reseller.clientId,
    client_secret_expires_at: 0,
  })
  assert.ok((secret ?? '').length >= 43)
  const again = await reseller.send('GET', `/api/2/clients/${id}`)
  assert.ok(!('client_secret' in again.body))
  const token = await tokenOf(made)
  assert.equal(token.status, 200)
  const own = await request('GET', `/api/2/clients/${id}`, undefined, {
    authorization: `Bearer ${String(token.body['access_token'])}`,
  })
  assert.equal(own.body['tenant_id'], customer)
})

test('a client is made at or below the caller’s tenant only, with no right that the caller lacks', async () => {
  for (const tenant_id of [other, root.id, newId()]) refused(await create({ tenant_id }), 404, 1005)
  refused(await create({ tenant_id: partner, role_id: 'root_admin' }), 400, 1027)
  refused(await create({ tenant_id: partner, scopes: ['mails:read'] }), 403, 1002)
  const narrow = await programOf(partner, 'partner_admin', ['clients:read', 'clients:write', 'tenants:read'])
  const made = await create({ tenant_id: partner }, narrow)
  assert.equal(made.status, 201, made.text)
  assert.deepEqual(made.body['scopes'], ['clients:read', 'clients:write', 'tenants:read'])
  refused(await create({ tenant_id: partner, scopes: ['orders:read'] }, narrow), 403, 1002)
  refused(await narrow.send('PUT', `/api/2/clients/${reseller.clientId}`, { status: 'disabled' }), 403, 1002)
  refused(await narrow.send('DELETE', `/api/2/clients/${reseller.clientId}`), 403, 1002)
  const reader = await programOf(partner, 'readonly_admin')
  refused(await create({ tenant_id: partner }, reader), 403, 1002)
})

test('row 37: disabled client cannot get a token, and those it has stop working', async () => {
  const made = await create({ tenant_id: customer })
  const id = String(made.body['client_id'])
  const token = await tokenOf(made)
  const headers = { authorization: `Bearer ${String(token.body['access_token'])}` }
  assert.equal((await request('GET', `/api/2/clients/${id}`, undefined, headers)).status, 200)
  const disabled = await reseller.send('PUT', `/api/2/clients/${id}`, { status: 'disabled' })
  assert.equal(disabled.body['status'], 'disabled')
  const refusedToken = await tokenOf(made)
  assert.equal(refusedToken.status, 401)
  assert.equal(refusedToken.body['error'], 'invalid_client')
  await pause()
  refused(await request('GET', `/api/2/clients/${id}`, undefined, headers), 401, 401)
  await reseller.send('PUT', `/api/2/clients/${id}`, { status: 'enabled', data: { client_name: 'Renamed' } })
  assert.equal((await tokenOf(made)).status, 200)
  assert.deepEqual((await reseller.send('GET', `/api/2/clients/${id}`)).body['data'], { client_name: 'Renamed' })
  assert.equal((await reseller.send('DELETE', `/api/2/clients/${id}`)).status, 204)
  assert.equal((await tokenOf(made)).status, 401)
  refused(await reseller.send('DELETE', `/api/2/clients/${id}`), 404, 404)
})

test('nobody shuts themselves out', async () => {
  refused(await reseller.send('PUT', `/api/2/clients/${reseller.clientId}`, { status: 'disabled' }), 400, 1027)
  refused(await reseller.send('DELETE', `/api/2/clients/${reseller.clientId}`), 400, 1027)
})

test('the clients of a tenant are listed page by page, those of others are not there', async () => {
  const tenant = await make('customer', partner)
  const ids: string[] = []
  for (let count = 0; count < 3; count++) ids.push(String((await create({ tenant_id: tenant })).body['client_id']))
  const read: unknown[] = []
  let after: string | undefined
  do {
    const page = await reseller.send(
      'GET',
      `/api/2/clients?tenant_id=${tenant}&limit=2${after === undefined ? '' : `&after=${after}`}`,
    )
    const body = page.body as unknown as { items: { client_id: string }[]; paging: { cursors: { after?: string } } }
    read.push(...body.items.map(({ client_id }) => client_id))
    after = body.paging.cursors.after
  } while (after !== undefined)
  assert.deepEqual(read, ids)
  const own = (await reseller.send('GET', '/api/2/clients')).body['items'] as unknown as { tenant_id: string }[]
  assert.ok(own.length > 0 && own.every(({ tenant_id }) => tenant_id === partner))
  refused(await reseller.send('GET', `/api/2/clients?tenant_id=${other}`), 404, 1005)
  refused(await reseller.send('GET', `/api/2/clients/${operator.clientId}`), 404, 404)
})

test('a mightier client is out of reach while its tenant is disabled, too', async () => {
  const id = await make('customer', partner)
  const made = await create({ tenant_id: id })
  const { version } = (await reseller.send('GET', `/api/2/tenants/${id}`)).body
  assert.equal((await reseller.send('PUT', `/api/2/tenants/${id}`, { version, enabled: false })).status, 200)
  const narrow = await programOf(partner, 'partner_admin', ['clients:write'])
  refused(await narrow.send('DELETE', `/api/2/clients/${made.body['client_id']}`), 403, 1002)
})
