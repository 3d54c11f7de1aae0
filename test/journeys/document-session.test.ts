import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../harness/database.ts'
import { codeOf, openV2, type V2Answer } from '../harness/v2.ts'

/** The sample of the document: a brand has these 29 keys and no other. */
const BRAND_KEYS =
  'account_server_url backup_console_url color color_scheme company_name help_url hide_predefined home_url knowledgebase_url logotype mobile_app_android_download_url mobile_app_ios_download_url owns_custom_legal_docs platform_terms_url privacy_policy_url router_url service_name smtp_encryption smtp_override smtp_password smtp_port smtp_reply_address smtp_server smtp_user support_phone support_url terms_url upsell_url user_guide_url'.split(
    ' ',
  )

const { origin, operator } = await openV2(await testDatabase())
const baseUrl = `${origin}/api/2`
/** As a shell of the document has them, one step after the other. */
const shell: { auth?: string; tenantId?: string; created?: string; version?: number } = {}

const call = async (method: string, path: string, body?: string): Promise<V2Answer> => {
  const response = await fetch(baseUrl + path, {
    method,
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(shell.auth !== undefined && { Authorization: shell.auth }),
    },
    ...(body !== undefined && { body }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: text === '' ? {} : JSON.parse(text) }
}

test('step 1: authenticate, and learn the tenant that the token gives access to', async () => {
  const response = await fetch(`${baseUrl}/idp/token`, {
    method: 'POST',
    headers: {
      Authorization: `Basic ${btoa(`${operator.clientId}:${operator.secret}`)}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  })
  assert.equal(response.status, 200)
  const token = (await response.json()) as { access_token: string; token_type: string }
  assert.equal(token.token_type, 'bearer')
  shell.auth = `Bearer ${token.access_token}`
  assert.match(shell.auth, /^Bearer eyJ/)
  const client = await call('GET', `/clients/${operator.clientId}`)
  assert.equal(client.status, 200)
  shell.tenantId = String(client.body['tenant_id'])
})

test('step 2: a sub-tenant is created, or found by its name', async () => {
  const created = await call(
    'POST',
    '/tenants',
    JSON.stringify({ name: 'The Document’s Partner', kind: 'partner', parent_id: shell.tenantId }, null, 4),
  )
  assert.equal(created.status, 201, created.text)
  shell.created = String(created.body['id'])
  const children = await call('GET', `/tenants/${shell.tenantId}/children?include_details=true`)
  const named = (children.body['items'] as unknown as { id: string; name: string }[]).find(
    ({ name }) => name === 'The Document’s Partner',
  )
  assert.equal(named?.id, shell.created)
  const listed = await call('GET', `/tenants?parent_id=${shell.tenantId}&limit=1000`)
  assert.ok((listed.body['items'] as unknown as { id: string }[]).some(({ id }) => id === shell.created))
  const found = await call('GET', `/search?tenant=${shell.tenantId}&text=document`)
  assert.equal((found.body['items'] as unknown as { id: string }[])[0]?.id, shell.created)
  shell.tenantId = shell.created
})

test('steps 3 and 4: the tenant tells its version', async () => {
  const tenant = await call('GET', `/tenants/${shell.tenantId}`)
  assert.equal(tenant.status, 200)
  shell.version = Number(tenant.body['version'])
  assert.equal(shell.version, 1)
})

const putBrand = (options: object, version = shell.version) =>
  call('PUT', `/tenants/${shell.tenantId}/brand?version=${version}`, JSON.stringify(options, null, 4))

test('steps 5 to 8: the Buy URL is written; the answer is the whole brand, and the version one more', async () => {
  const answer = await putBrand({ upsell_url: 'https://www.johndoe.com/store' })
  assert.equal(answer.status, 200, answer.text)
  assert.deepEqual(Object.keys(answer.body).toSorted(), BRAND_KEYS)
  assert.equal(answer.body['upsell_url'], 'https://www.johndoe.com/store')
  assert.equal(answer.body['smtp_password'], '')
  const tenant = await call('GET', `/tenants/${shell.tenantId}`)
  assert.equal(tenant.body['version'], 2)
})

test('step 9: the version that was raised by hand is good for the next write, the old one for none', async () => {
  const stale = await putBrand({ upsell_url: '' })
  assert.equal(stale.status, 409)
  assert.equal(codeOf(stale), 1001)
  shell.version = (shell.version ?? 0) + 1
  const answer = await putBrand({ upsell_url: '' })
  assert.equal(answer.status, 200, answer.text)
  assert.equal(answer.body['upsell_url'], '')
  shell.version++
})

test('the document’s own sample has a comma too many, and is refused as JSON that is none', async () => {
  const answer = await call(
    'PUT',
    `/tenants/${shell.tenantId}/brand?version=${shell.version}`,
    '{\n    "upsell_url": "",\n}',
  )
  assert.equal(answer.status, 400)
  assert.equal(codeOf(answer), 400)
  assert.equal((await call('GET', `/tenants/${shell.tenantId}`)).body['version'], shell.version)
})

test('writes of the brand and of the tenant share the version: of two in parallel exactly one succeeds', async () => {
  for (let round = 0; round < 50; round++) {
    const version = shell.version ?? 0
    const answers = await Promise.all([
      putBrand({ upsell_url: `https://shop.example/${round}` }, version),
      call('PUT', `/tenants/${shell.tenantId}`, JSON.stringify({ version, internal_tag: String(round) })),
    ])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409])
    shell.version = version + 1
    assert.equal((await call('GET', `/tenants/${shell.tenantId}`)).body['version'], shell.version)
  }
})
