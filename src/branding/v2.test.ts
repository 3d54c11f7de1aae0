import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '../../test/harness/clock.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { testPrincipal, testServer } from '../../test/harness/http.ts'
import { png } from '../../test/harness/png.ts'
import { testAccount, testRoot, testSeller } from '../../test/harness/sellers.ts'
import type { TenantId } from '../kernel/ids.ts'
import { type Actor } from '../platform/actor.ts'
import { createTenant, getTenant } from '../tenants/index.ts'
import { createOutboundGuard } from '../platform/outbound/guard.ts'
import { createBrandSeal } from './sealed.ts'
import { changeBrand } from './change-brand.ts'
import { brandOwnersOf } from './brand-owners.ts'
import { BrandSettings } from './schema.ts'
import { brandV2Routes } from './v2-routes.ts'

const database = await testDatabase()
const { db } = database
const clock = fixedClock()
const seal = createBrandSeal('a secret of the tests, long enough for a key')
const northwind = await testSeller(db, clock, 'northwind.example', 'Northwind')
const fabrikam = await testSeller(db, clock, 'fabrikam.example', 'Fabrikam')
const contoso = await testAccount(db, clock, northwind)
const { actor: operator } = await testRoot(db, clock)
const folder = await createTenant(db, clock, northwind.actor, {
  parentId: northwind.tenant.id,
  kind: 'folder',
  name: 'Dentists',
})

const asApi = (at: { sellerId: string; tenantId: string; path: string }, ...scopes: string[]): Actor =>
  testPrincipal({
    ...at,
    kind: 'api_client',
    id: 'test-client',
    scopes: new Set(scopes.length > 0 ? scopes : ['brands:read', 'brands:write']),
  } as object)
let actor = asApi(northwind.actor)
const server = await testServer(database, {
  clock,
  actor: () => actor,
  routes: brandV2Routes({
    seal,
    guard: createOutboundGuard({ allowInternal: true }),
    publicUrl: 'https://buylink.example',
  }),
})

const seller = northwind.tenant.id
const versionOf = async (id: TenantId = seller) => (await getTenant(db, operator, id)).version
const brandPath = (id: TenantId = seller) => `/api/2/tenants/${id}/brand`
const put = async (body: unknown, id: TenantId = seller, version?: bigint | string) =>
  server.request('PUT', `${brandPath(id)}?version=${version ?? (await versionOf(id))}`, { body })
const codeOf = (answer: { body: unknown }) => (answer.body as { error: { code: unknown } }).error.code

test('row 18: PUT with the right version answers 200 with the 29 keys, raises the version by one, keeps the rest', async () => {
  const version = await versionOf()
  await put({ company_name: 'Northwind Ltd.', support_phone: '+1 555' })
  const answer = await put({ upsell_url: 'https://shop.example/buy?a=b' }, seller, version + 1n)
  assert.equal(answer.status, 200, answer.text)
  assert.deepEqual(Object.keys(answer.body ?? {}).sort(), Object.keys(BrandSettings.shape).sort())
  const { upsell_url, company_name, support_phone } = answer.body ?? {}
  assert.deepEqual(
    { upsell_url, company_name, support_phone },
    {
      upsell_url: 'https://shop.example/buy?a=b',
      company_name: 'Northwind Ltd.',
      support_phone: '+1 555',
    },
  )
  assert.equal(await versionOf(), version + 2n)
})

test('a body that was read can be put back whole', async () => {
  const read = await server.request('GET', brandPath())
  const written = await put(read.body)
  assert.equal(written.status, 200, written.text)
  assert.deepEqual(written.body, read.body)
})

test('PUT where branding is not enabled is stored, raises the version and stays disabled', async () => {
  const before = await versionOf(folder.id)
  const answer = await put({ service_name: 'Teeth' }, folder.id)
  assert.equal(answer.status, 200)
  assert.equal(await versionOf(folder.id), before + 1n)
  assert.equal((await brandOwnersOf(db, [folder.id])).get(folder.id)?.id === folder.id, false)
  const effective = await server.request('GET', `${brandPath(folder.id)}?effective=1`)
  assert.notEqual(effective.body?.['service_name'], 'Teeth')
})

test('row 19: a stale version is a conflict, code 1001, and nothing is changed', async () => {
  const version = await versionOf()
  const before = await server.request('GET', brandPath())
  const answer = await put({ company_name: 'Late' }, seller, version - 1n)
  assert.equal(answer.status, 409)
  assert.equal(codeOf(answer), 1001)
  assert.equal(await versionOf(), version)
  assert.deepEqual((await server.request('GET', brandPath())).body, before.body)
})

test('row 20: a missing or non-numeric version is 400, and so is JSON with a trailing comma', async () => {
  const version = await versionOf()
  for (const query of [
    '',
    '?version=',
    '?version=abc',
    '?version=1.5',
    '?version=-1',
    '?version=99999999999999999999',
  ]) {
    const answer = await server.request('PUT', brandPath() + query, { body: { company_name: 'x' } })
    assert.equal(answer.status, 400, query)
  }
  const comma = await server.request('PUT', `${brandPath()}?version=${version}`, { body: '{"upsell_url": "x",}' })
  assert.equal(comma.status, 400)
  const text = await server.request('PUT', `${brandPath()}?version=${version}`, {
    body: '{"upsell_url": "x"}',
    headers: { 'content-type': 'text/plain' },
  })
  assert.equal(text.status, 415)
  assert.equal(await versionOf(), version)
})

test('an unknown key and a wrong type are 400 and named', async () => {
  const version = await versionOf()
  for (const [body, name] of [
    [{ upsell_link: 'x' }, 'upsell_link'],
    [{ smtp_port: '25' }, 'smtp_port'],
    [{ upsell_url: 5 }, 'upsell_url'],
    [{ owns_custom_legal_docs: 1 }, 'owns_custom_legal_docs'],
    [{ backup_console_url: null }, 'backup_console_url'],
    [{ version: 3 }, 'version'],
  ] as const) {
    const answer = await put(body)
    assert.equal(answer.status, 400, name)
    assert.match(answer.text, new RegExp(name))
  }
  assert.equal(await versionOf(), version)
})

test('row 26: smtp_password is never returned, PUT without it or with "" keeps it, encryption is "", SSL or TLS', async () => {
  const stored = async () =>
    (await db.selectFrom('brands').where('tenant_id', '=', seller).select('smtp_password').executeTakeFirst())
      ?.smtp_password
  const answer = await put({ smtp_password: 'hunter2', smtp_encryption: 'TLS' })
  assert.equal(answer.body?.['smtp_password'], '')
  assert.doesNotMatch((await server.request('GET', brandPath())).text, /hunter2/)
  const sealedPassword = await stored()
  assert.ok(sealedPassword && !sealedPassword.includes('hunter2'))
  assert.equal(seal.unseal(sealedPassword), 'hunter2')
  await put({ smtp_password: '' })
  await put({ smtp_user: 'x' })
  assert.deepEqual(await stored(), sealedPassword)
  for (const smtp_encryption of ['tls', 'STARTTLS', null]) assert.equal((await put({ smtp_encryption })).status, 400)
  for (const smtp_encryption of ['', 'SSL', 'TLS']) assert.equal((await put({ smtp_encryption })).status, 200)
})

test('row 22: POST enables with 201, DELETE with 204 gives the brand above back', async () => {
  const above = (await brandOwnersOf(db, [seller])).get(seller)
  const enabled = await server.request('POST', `${brandPath()}?version=${await versionOf()}`)
  assert.equal(enabled.status, 201, enabled.text)
  assert.equal(enabled.body?.['brand_enabled'], true)
  assert.equal(enabled.body?.['brand_uuid'], seller)
  assert.equal(enabled.body?.['version'], Number(await versionOf()))
  const removed = await server.request('DELETE', `${brandPath()}?version=${await versionOf()}`)
  assert.equal(removed.status, 204)
  assert.equal(removed.text, '')
  assert.deepEqual((await brandOwnersOf(db, [seller])).get(seller), above)
  assert.equal((await server.request('DELETE', `${brandPath()}?version=1`)).status, 409)
})

test('row 23: brand writes on a customer are refused with 1027; effective=1 reads the nearest brand', async () => {
  await server.request('POST', `${brandPath()}?version=${await versionOf()}`)
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const answer = await server.request(method, `${brandPath(contoso.id)}?version=${await versionOf(contoso.id)}`, {
      ...(method === 'PUT' && { body: { upsell_url: 'x' } }),
    })
    assert.equal(answer.status, 400, method)
    assert.equal(codeOf(answer), 1027, method)
  }
  assert.equal(codeOf(await server.request('GET', brandPath(contoso.id))), 1027)
  const effective = await server.request('GET', `${brandPath(contoso.id)}?effective=1`)
  assert.equal(effective.body?.['company_name'], 'Northwind Ltd.')
})

test('row 24: below a branded folder the folder’s brand applies, not the partner’s', async () => {
  await server.request('POST', `${brandPath(folder.id)}?version=${await versionOf(folder.id)}`)
  const effective = await server.request('GET', `${brandPath(folder.id)}?effective=1`)
  assert.equal(effective.body?.['service_name'], 'Teeth')
})

test('who reads an inherited brand does not read its owner’s mail server', async () => {
  await put({ smtp_override: 1, smtp_server: 'mail.northwind.example', smtp_user: 'northwind' })
  actor = asApi({ sellerId: northwind.tenant.sellerId, tenantId: contoso.id, path: contoso.path })
  const effective = await server.request('GET', `${brandPath(contoso.id)}?effective=1`)
  actor = asApi(northwind.actor)
  assert.equal(effective.status, 200)
  assert.equal(effective.body?.['company_name'], 'Northwind Ltd.')
  const { smtp_server, smtp_user, smtp_override } = effective.body ?? {}
  assert.deepEqual({ smtp_server, smtp_user, smtp_override }, { smtp_server: '', smtp_user: '', smtp_override: 0 })
})

test('another reseller’s brand answers as one that does not exist, and nothing of it changes', async () => {
  const version = await versionOf()
  actor = asApi(fabrikam.actor)
  for (const [method, query] of [
    ['GET', ''],
    ['GET', '?effective=1'],
    ['PUT', `?version=${version}`],
    ['POST', `?version=${version}`],
    ['DELETE', `?version=${version}`],
    ['GET', '/logo'],
  ] as const) {
    const path = query.startsWith('/') ? brandPath() + query : `${brandPath()}${query}`
    const answer = await server.request(method, path, { ...(method === 'PUT' && { body: { color: 'ff0000' } }) })
    assert.equal(answer.status, 404, `${method} ${query}`)
  }
  actor = asApi(northwind.actor)
  assert.equal(await versionOf(), version)
})

test('a caller without the role is told so: 403, code 1002', async () => {
  actor = asApi(northwind.actor, 'brands:read')
  const answer = await put({ color: 'ff0000' })
  actor = asApi(northwind.actor)
  assert.equal(answer.status, 403)
  assert.equal(codeOf(answer), 1002)
})

test('a logo is put raw (201) or in a form (200), and read with the documented headers', async () => {
  const post = async (body: BodyInit, query: string, headers: Record<string, string> = {}) =>
    fetch(`${server.origin}${brandPath()}/logo${query}`, { method: 'POST', body, headers })
  const picture = png(64, 16)
  const version = await versionOf()
  const raw = await post(new Uint8Array(picture), `?version=${version}`, { 'content-type': 'image/png' })
  assert.equal(raw.status, 201, await raw.clone().text())
  assert.equal(((await raw.json()) as { version: number }).version, Number(version) + 1)
  const read = await fetch(`${server.origin}${brandPath()}/logo`)
  assert.equal(read.headers.get('content-type'), 'image/png')
  assert.equal(read.headers.get('cache-control'), 'max-age=86400, must-revalidate')
  assert.equal(read.headers.get('content-length'), String(picture.length))
  assert.deepEqual(Buffer.from(await read.arrayBuffer()), picture)

  const other = png(32, 32)
  const form = new FormData()
  form.set('file', new File([new Uint8Array(other)], 'logo.png', { type: 'image/png' }))
  const inForm = await post(form, '')
  assert.equal(inForm.status, 200, await inForm.clone().text())
  assert.deepEqual(Buffer.from(await (await fetch(`${server.origin}${brandPath()}/logo`)).arrayBuffer()), other)
  const { logotype } = (await server.request('GET', brandPath())).body ?? {}
  assert.match(String(logotype), /^[0-9a-f-]{36}$/)

  const before = await versionOf()
  const image = { 'content-type': 'image/png' }
  assert.equal((await post(new Uint8Array(picture), '', image)).status, 400, 'a raw one needs the version')
  assert.equal((await post(new Uint8Array(picture), `?version=${before - 1n}`, image)).status, 409)
  assert.equal((await post('no picture', `?version=${before}`, image)).status, 400)
  assert.equal((await post(new Uint8Array(picture), `?version=${before}`, { 'content-type': 'image/gif' })).status, 415)
  assert.equal((await post(new Uint8Array(300_000), `?version=${before}`, image)).status, 413)
  assert.equal(await versionOf(), before)
})

test('a logo goes when its name is taken away, and stays when another is named', async () => {
  await put({ logotype: '2f8ad2e2-28f2-11e7-aad1-5ffe2ad47151' })
  assert.equal((await server.request('GET', `${brandPath()}/logo`)).status, 200)
  await put({ logotype: null })
  const gone = await server.request('GET', `${brandPath()}/logo`)
  assert.equal(gone.status, 400)
})

test('row 21: of parallel writes with one version exactly one wins', async () => {
  for (let round = 0; round < 25; round++) {
    const version = await versionOf()
    const answers = await Promise.all(['111111', '222222', '333333'].map((color) => put({ color }, seller, version)))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409])
    assert.equal(await versionOf(), version + 1n)
  }
})

test('a thousand races of two writes with one version: one wins each, and no version is skipped', async () => {
  const begun = await versionOf()
  const write = (version: bigint) =>
    changeBrand(db, clock, northwind.actor, { tenantId: seller, version, options: { color: '444444' } })
  for (let round = 0n; round < 1000n; round++) {
    const results = await Promise.allSettled([write(begun + round), write(begun + round)])
    const lost = results.filter((result) => result.status === 'rejected')
    assert.equal(lost.length, 1)
    assert.equal(lost[0]?.reason.code, 'version_mismatch')
  }
  assert.equal(await versionOf(), begun + 1000n)
})

test('a brand of a tenant that another one has locked is not changed: 403, code 1012', async () => {
  const { root } = await testRoot(db, clock)
  await db.updateTable('tenants').set({ update_locked_by: root.id }).where('id', '=', seller).execute()
  const answer = await put({ color: '333333' })
  await db.updateTable('tenants').set({ update_locked_by: null }).where('id', '=', seller).execute()
  assert.equal(answer.status, 403)
  assert.equal(codeOf(answer), 1012)
})

test('a mail password is not sent to another server than the one it was given for', async () => {
  const stored = async () =>
    (await db.selectFrom('brands').where('tenant_id', '=', seller).select('smtp_password').executeTakeFirst())
      ?.smtp_password
  await put({ smtp_server: 'mail.northwind.example', smtp_password: 'hunter2' })
  await put({ smtp_server: 'mail.northwind.example', smtp_port: 587 })
  assert.ok(await stored())
  await put({ smtp_server: 'mail.elsewhere.example' })
  assert.equal(await stored(), null)
})
