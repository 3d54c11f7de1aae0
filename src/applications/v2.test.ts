import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { testAccount, testSeller } from '../../test/harness/sellers.ts'
import { codeOf, openV2 } from '../../test/harness/v2.ts'
import { newId } from '../kernel/ids.ts'
import { BACKUP, PLATFORM } from './catalogue.ts'
import { promotesHigherEditions } from './read-setting.ts'

const database = await testDatabase()
const { db } = database
const { app, root, operator, programOf } = await openV2(database)
const northwind = await testSeller(db, app.clock, 'northwind.example')
const fabrikam = await testSeller(db, app.clock, 'fabrikam.example')
const contoso = await testAccount(db, app.clock, northwind)
const reseller = await programOf(northwind.tenant.id, 'partner_admin')
const customer = await programOf(contoso.id, 'company_admin')

const settingOf = (tenantId: string, name = 'PromoteHigherEditions', applicationId = PLATFORM.id) =>
  `/api/2/applications/${applicationId}/settings/tenants/${tenantId}/${name}`

test('the platform application is found through the tenant’s and all applications', async () => {
  const { items: own } = (await reseller.send('GET', `/api/2/tenants/${contoso.id}/applications`)).body as unknown as {
    items: string[]
  }
  const { items } = (await reseller.send('GET', '/api/2/applications')).body as unknown as {
    items: { id: string; type: string; usages: string[] }[]
  }
  const platform = items.find(({ type }) => type === 'platform')
  assert.ok(platform && own.includes(platform.id))
  assert.deepEqual(items.find(({ type }) => type === 'backup')?.usages.slice(0, 5), [
    'storage',
    'workstations',
    'servers',
    'vms',
    'mobiles',
  ])
  assert.equal((await reseller.send('GET', `/api/2/applications/${platform.id}`)).body['name'], 'Management Portal')
  assert.equal((await reseller.send('GET', `/api/2/applications/${newId()}`)).status, 404)
})

test('row 17: a setting PUT answers {name, own, effective}, DELETE 204', async () => {
  const unset = await reseller.send('GET', settingOf(contoso.id))
  assert.deepEqual(unset.body, {
    name: 'PromoteHigherEditions',
    own: null,
    effective: { owner: { type: 'tenant', id: root.id }, value: true, lock: false },
  })
  const set = await reseller.send('PUT', settingOf(contoso.id), { value: true })
  assert.equal(set.status, 200, set.text)
  assert.deepEqual(set.body, {
    name: 'PromoteHigherEditions',
    own: { value: true, lock: false, exclusive: false },
    effective: null,
  })
  assert.equal((await reseller.send('DELETE', settingOf(contoso.id))).status, 204)
  assert.equal((await reseller.send('DELETE', settingOf(contoso.id))).status, 204)
  assert.deepEqual((await reseller.send('GET', settingOf(contoso.id))).body, unset.body)
})

test('row 16: a customer inherits; a lock above forbids another value, an exclusive one passes it by', async () => {
  assert.equal(await promotesHigherEditions(db, contoso.id), true)
  await operator.send('PUT', settingOf(northwind.tenant.id), { value: false })
  assert.equal(await promotesHigherEditions(db, contoso.id), false)
  await reseller.send('PUT', settingOf(contoso.id), { value: true })
  assert.equal(await promotesHigherEditions(db, contoso.id), true)

  await operator.send('PUT', settingOf(northwind.tenant.id), { lock: true })
  assert.equal(await promotesHigherEditions(db, contoso.id), false)
  const refused = await reseller.send('PUT', settingOf(contoso.id), { value: true })
  assert.equal(refused.status, 400)
  assert.equal(codeOf(refused), 1027)
  const locked = (await reseller.send('GET', settingOf(contoso.id))).body
  assert.deepEqual(locked['effective'], {
    owner: { type: 'tenant', id: northwind.tenant.id },
    value: false,
    lock: true,
  })
  assert.deepEqual(locked['own'], { value: true, lock: false, exclusive: false })

  await operator.send('PUT', settingOf(northwind.tenant.id), { lock: false, exclusive: true })
  await reseller.send('DELETE', settingOf(contoso.id))
  assert.equal(await promotesHigherEditions(db, contoso.id), true)
  assert.equal(await promotesHigherEditions(db, northwind.tenant.id), false)
  await operator.send('DELETE', settingOf(northwind.tenant.id))
})

test('unknown settings, applications and tenants are not found; a wrong value or key is refused by name', async () => {
  for (const path of [
    settingOf(contoso.id, 'NoSuchSetting'),
    settingOf(contoso.id, 'constructor'),
    settingOf(contoso.id, 'PromoteHigherEditions', BACKUP.id),
    settingOf(newId()),
    settingOf(fabrikam.tenant.id),
    settingOf('nonsense'),
  ]) {
    assert.equal((await reseller.send('GET', path)).status, 404, path)
    assert.equal((await reseller.send('PUT', path, { value: false })).status, 404, path)
    assert.equal((await reseller.send('DELETE', path)).status, 404, path)
  }
  const wrong = await reseller.send('PUT', settingOf(contoso.id), { value: 'yes' })
  assert.equal(wrong.status, 400)
  assert.match(wrong.text, /value/)
  assert.match((await reseller.send('PUT', settingOf(contoso.id), { locked: true })).text, /locked/)
  const text = await reseller.send('PUT', settingOf(contoso.id), '{"value": true}', { 'content-type': 'text/plain' })
  assert.equal(text.status, 415)
  assert.equal((await customer.send('PUT', settingOf(contoso.id), { value: false })).status, 403)
})

test('an application is switched on and off for a tenant and all below it', async () => {
  const binding = (tenantId: string, id = BACKUP.id) => `/api/2/applications/${id}/bindings/tenants/${tenantId}`
  const listed = async (tenantId: string) =>
    (await operator.send('GET', `/api/2/tenants/${tenantId}/applications`)).body['items'] as unknown as string[]
  assert.equal((await operator.send('DELETE', binding(northwind.tenant.id))).status, 204)
  assert.deepEqual(await listed(contoso.id), [PLATFORM.id])
  const refused = await reseller.send('POST', binding(contoso.id))
  assert.equal(refused.status, 400)
  assert.equal(codeOf(refused), 1026)
  assert.equal((await operator.send('POST', binding(northwind.tenant.id))).status, 204)
  assert.equal((await operator.send('POST', binding(northwind.tenant.id))).status, 204)
  assert.deepEqual(await listed(contoso.id), [PLATFORM.id, BACKUP.id])
  assert.equal(codeOf(await operator.send('DELETE', binding(contoso.id, PLATFORM.id))), 1027)
  assert.equal((await reseller.send('DELETE', binding(fabrikam.tenant.id))).status, 404)
})
