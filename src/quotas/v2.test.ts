import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { testAccount, testSeller } from '../../test/harness/sellers.ts'
import { codeOf, openV2, type V2Answer } from '../../test/harness/v2.ts'
import { BACKUP, STORAGE_ID } from '../applications/index.ts'
import { newId, type TenantId } from '../kernel/ids.ts'
import { createTenant, getTenant } from '../tenants/index.ts'
import { nextEditionOf } from './switch-edition.ts'

const database = await testDatabase()
const { db } = database
const { app, operator, programOf } = await openV2(database)
const { clock } = app
const northwind = await testSeller(db, clock, 'northwind.example')
const fabrikam = await testSeller(db, clock, 'fabrikam.example')
const reseller = await programOf(northwind.tenant.id, 'partner_admin')

interface Item {
  readonly name: string
  readonly usage_name: string
  readonly edition: string | null
  readonly status: number
  readonly quota?: { readonly value: number | null; readonly overage: number | null; readonly version: number }
}
const itemsIn = (answer: V2Answer) => answer.body['items'] as unknown as Item[]
const read = async (id: TenantId, query = '') =>
  itemsIn(await reseller.send('GET', `/api/2/tenants/${id}/offering_items${query}`))
const itemOf = async (id: TenantId, name = 'storage') =>
  (await read(id, '?edition=*')).find((item) => item.name === name) ?? assert.fail(name)
const put = (id: TenantId, ...items: object[]) =>
  reseller.send('PUT', `/api/2/tenants/${id}/offering_items`, {
    offering_items: items.map((item) => ({ application_id: BACKUP.id, ...item })),
  })
const quota = (value: number | null, version: number, overage: number | null = null) => ({ value, overage, version })

test('row 30: an unlimited quota has overage null and version 0, an item that is off has none', async () => {
  const contoso = await testAccount(db, clock, northwind)
  const storage = await itemOf(contoso.id)
  assert.deepEqual(storage.quota, quota(null, 0))
  const off = await itemOf(contoso.id, 'adv_storage')
  assert.equal(off.status, 0)
  assert.ok(!('quota' in off))
  const set = await put(contoso.id, { name: 'storage', quota: quota(5, 0) })
  assert.equal(set.status, 200, set.text)
  const version = itemsIn(set)[0]?.quota?.version ?? 0
  assert.ok(version > 0)
  const unlimited = await put(contoso.id, { name: 'storage', quota: quota(null, version, 7) })
  assert.deepEqual(itemsIn(unlimited)[0]?.quota, quota(null, 0))
  assert.equal((await put(contoso.id, { name: 'storage', quota: quota(9, 0) })).status, 200)
})

test('a quota is written by the version last read, and an old one is a conflict with code 1001', async () => {
  const contoso = await testAccount(db, clock, northwind)
  const first = itemsIn(await put(contoso.id, { name: 'vms', quota: quota(3, 0, 1) }))[0]?.quota
  assert.deepEqual({ ...first, version: 0 }, { ...quota(3, 0, 1) })
  const stale = await put(contoso.id, { name: 'vms', quota: quota(4, (first?.version ?? 0) - 1) })
  assert.equal(stale.status, 409)
  assert.equal(codeOf(stale), 1001)
  assert.deepEqual((await itemOf(contoso.id, 'vms')).quota, first)
  assert.equal((await put(contoso.id, { name: 'vms', quota: quota(4, first?.version ?? 0) })).status, 200)
})

test('the total is read and written: what subscriptions grant stays', async () => {
  const rows = await db.selectFrom('quota_grants').selectAll().where('usage_name', '=', 'storage').execute()
  const grant = rows[0] ?? assert.fail('the demonstration grants storage')
  const path = `/api/2/tenants/${grant.tenant_id}/offering_items`
  const before = itemsIn(await operator.send('GET', path)).find(({ name }) => name === 'storage')?.quota
  const wanted = Number(before?.value) + 1024
  const answer = await operator.send('PUT', path, {
    offering_items: [{ application_id: BACKUP.id, name: 'storage', quota: quota(wanted, before?.version ?? 0) }],
  })
  assert.equal(itemsIn(answer)[0]?.quota?.value, wanted)
  const base = await db
    .selectFrom('quotas')
    .where('tenant_id', '=', grant.tenant_id)
    .where('usage_name', '=', 'storage')
    .select('base')
    .executeTakeFirstOrThrow()
  assert.equal(
    base.base,
    BigInt(wanted) - rows.filter((row) => row.tenant_id === grant.tenant_id).reduce((sum, row) => sum + row.units, 0n),
  )
  assert.equal(
    (await db.selectFrom('quota_grants').selectAll().where('usage_name', '=', 'storage').execute()).length,
    rows.length,
  )
})

test('row 33: partners and folders take no overage, units no quota', async () => {
  const folder = await createTenant(db, clock, northwind.actor, {
    parentId: northwind.tenant.id,
    kind: 'folder',
    name: 'F',
  })
  const contoso = await testAccount(db, clock, northwind)
  const unit = await createTenant(db, clock, northwind.actor, { parentId: contoso.id, kind: 'unit', name: 'U' })
  for (const id of [folder.id, northwind.tenant.id]) {
    const hard = await put(id, { name: 'vms', quota: quota(5, 0, 2) })
    assert.equal(hard.status, 400, hard.text)
    assert.equal(codeOf(hard), 1027)
    assert.equal((await put(id, { name: 'vms', quota: quota(5, 0) })).status, 200)
  }
  assert.equal(codeOf(await put(unit.id, { name: 'vms', quota: quota(5, 0) })), 1027)
  assert.equal(codeOf(await put(unit.id, { name: 'vms', status: 0 })), 1027)
})

test('items are switched on and off; storage carries the others (1023), and nothing is on that is off above (1021)', async () => {
  const contoso = await testAccount(db, clock, northwind)
  assert.equal((await put(contoso.id, { name: 'vms', status: 0 })).status, 200)
  assert.equal((await itemOf(contoso.id, 'vms')).status, 0)
  const dependent = await put(contoso.id, { name: 'storage', status: 0 })
  assert.equal(dependent.status, 400)
  assert.equal(codeOf(dependent), 1023)
  assert.equal((await itemOf(contoso.id)).status, 1)
  const off = await put(contoso.id, { name: 'vms', quota: quota(1, 0) })
  assert.equal(codeOf(off), 1021)
  const both = await put(contoso.id, { name: 'vms', status: 1, quota: quota(1, 0) })
  assert.equal(both.status, 200, both.text)

  await operator.send('PUT', `/api/2/tenants/${northwind.tenant.id}/offering_items`, {
    offering_items: [{ application_id: BACKUP.id, name: 'mobiles', status: 0 }],
  })
  const above = await put(contoso.id, { name: 'mobiles', status: 1 })
  assert.equal(codeOf(above), 1021)
  await operator.send('PUT', `/api/2/tenants/${northwind.tenant.id}/offering_items`, {
    offering_items: [{ application_id: BACKUP.id, name: 'mobiles', status: 1 }],
  })
})

test('a change with one bad item changes nothing', async () => {
  const contoso = await testAccount(db, clock, northwind)
  for (const bad of [
    { name: 'no_such_item' },
    { name: 'vms', application_id: newId() },
    { name: 'storage', infra_id: newId() },
    { name: 'servers', quota: { value: 5 } },
    { name: 'servers', quota: quota(-1, 0) },
    { name: 'servers', surprise: 1 },
  ]) {
    const answer = await put(contoso.id, { name: 'vms', status: 0 }, bad)
    assert.equal(answer.status, 400, JSON.stringify(bad))
    assert.equal((await itemOf(contoso.id, 'vms')).status, 1)
  }
  assert.equal((await put(contoso.id, { name: 'storage', infra_id: STORAGE_ID, status: 1 })).status, 200)
})

test('an edition is switched with warnings, a dry run changes nothing, quotas stay', async () => {
  const contoso = await testAccount(db, clock, northwind)
  await put(contoso.id, { name: 'storage', quota: quota(100, 0) })
  const path = `/api/2/tenants/${contoso.id}/edition`
  const dry = await reseller.send('GET', `${path}?target_edition=advanced&application_id=${BACKUP.id}`)
  assert.equal(dry.status, 200, dry.text)
  assert.deepEqual(dry.body['warnings'], [
    'NewFeaturesBecomeAvailable',
    'AllDevicesWithBackupsPreserved',
    'UsageStatisticsWillMigrate',
  ])
  assert.equal((await itemOf(contoso.id, 'adv_storage')).status, 0)
  assert.equal(await nextEditionOf(db, contoso.id), 'advanced')
  const to = (target_edition: string) => ({ target_edition, application_id: BACKUP.id })
  assert.deepEqual((await reseller.send('PUT', path, to('advanced'))).body, dry.body)
  assert.equal((await itemOf(contoso.id, 'storage')).status, 0)
  const advanced = await itemOf(contoso.id, 'adv_storage')
  assert.equal(advanced.status, 1)
  assert.equal(advanced.quota?.value, 100)
  assert.equal(await nextEditionOf(db, contoso.id), 'disaster_recovery')
  assert.equal((await reseller.send('PUT', path, to('deluxe'))).status, 400)
  const partner = await reseller.send('PUT', `/api/2/tenants/${northwind.tenant.id}/edition`, to('advanced'))
  assert.equal(codeOf(partner), 1027)
})

test('a switch to an edition that is not available turns everything off', async () => {
  const contoso = await testAccount(db, clock, northwind)
  const names = ['storage', 'workstations', 'servers', 'vms', 'mobiles'].map((name) => ({
    name: `dre_${name}`,
    status: 0,
  }))
  assert.equal((await put(northwind.tenant.id, ...names)).status, 200)
  await reseller.send('PUT', `/api/2/tenants/${contoso.id}/edition`, {
    target_edition: 'disaster_recovery',
    application_id: BACKUP.id,
  })
  assert.ok((await read(contoso.id, '?edition=*')).every(({ status }) => status === 0))
  assert.ok((await read(contoso.id, '?edition=disaster_recovery&status=1')).length === 0)
})

test('items are filtered, listed for a subtree, and for a new child', async () => {
  const contoso = await testAccount(db, clock, northwind)
  assert.deepEqual(
    (await read(contoso.id)).map(({ name }) => name),
    ['storage', 'workstations', 'servers', 'vms', 'mobiles'],
  )
  assert.deepEqual(
    (await read(contoso.id, '?usage_names=vms,mobiles&status=1&type=count')).map(({ name }) => name),
    ['vms', 'mobiles'],
  )
  const child = await reseller.send(
    'GET',
    `/api/2/tenants/${northwind.tenant.id}/offering_items/available_for_child?kind=customer&edition=advanced`,
  )
  assert.deepEqual(
    itemsIn(child).map(({ name }) => name),
    ['adv_storage', 'adv_workstations', 'adv_servers', 'adv_vms', 'adv_mobiles'],
  )
  const seen = new Set<string>()
  let after = ''
  do {
    const answer = await reseller.send(
      'GET',
      `/api/2/tenants/offering_items?subtree_root_tenant_id=${northwind.tenant.id}&limit=20${after}`,
    )
    assert.equal(answer.status, 200, answer.text)
    for (const item of itemsIn(answer) as unknown as { tenant_id: string }[]) seen.add(item.tenant_id)
    const next = (answer.body['paging'] as unknown as { cursors: { after?: string } }).cursors.after
    after = next ? `&after=${next}` : ''
  } while (after !== '')
  assert.ok(seen.has(contoso.id) && seen.has(northwind.tenant.id))
  assert.ok(!seen.has(fabrikam.tenant.id))
})

test('row 34: a usage has the integer tenant_id that upsell links carry, and the first of the month', async () => {
  const contoso = await testAccount(db, clock, northwind)
  const report = await reseller.send('PUT', '/api/2/tenants/usages', {
    items: [
      { tenant_id: contoso.id, usage_type: 'storage', usage_value: 1073741824 },
      { resource_id: contoso.id, offering_item: 'adv_vms', usage_value: 3 },
      { tenant_id: newId(), usage_type: 'storage', usage_value: 1 },
      { tenant_id: fabrikam.tenant.id, usage_type: 'storage', usage_value: 1 },
      { tenant_id: contoso.id, usage_value: 1 },
    ],
  })
  assert.equal(report.status, 200, report.text)
  const errors = (report.body['items'] as unknown as { error?: { code: number } }[]).map(({ error }) => error?.code)
  assert.deepEqual(errors, [undefined, undefined, 1005, 1005, 400])
  const { body } = await reseller.send('GET', `/api/2/tenants/${contoso.id}/usages`)
  const usages = body['items'] as unknown as Record<string, unknown>[]
  const storage = usages.find(({ usage_name }) => usage_name === 'storage')
  const { number } = await getTenant(db, northwind.actor, contoso.id)
  assert.deepEqual(storage, {
    application_id: BACKUP.id,
    name: 'storage',
    edition: 'standard',
    usage_name: 'storage',
    type: 'infra',
    measurement_unit: 'bytes',
    infra_id: STORAGE_ID,
    tenant_uuid: contoso.id,
    tenant_id: Number(number),
    range_start: '2026-03-01T00:00:00.000Z',
    absolute_value: 1073741824,
    value: 1073741824,
    offering_item: { status: 1, quota: quota(null, 0) },
  })
  assert.equal(usages.find(({ usage_name }) => usage_name === 'vms')?.['value'], 3)

  const both = await reseller.send(
    'GET',
    `/api/2/tenants/usages?tenants=${contoso.id},${fabrikam.tenant.id},${newId()}&usage_names=vms`,
  )
  const items = both.body['items'] as unknown as { tenant: string; usages: { usage_name: string }[] }[]
  assert.deepEqual(
    items.map(({ tenant, usages: own }) => [tenant, own.map(({ usage_name }) => usage_name)]),
    [[contoso.id, ['vms']]],
  )
  assert.equal((await reseller.send('GET', '/api/2/tenants/usages?tenants=nonsense')).status, 400)
})

test('a usage that a provider has defined is an item of every edition', async () => {
  const contoso = await testAccount(db, clock, northwind)
  await db
    .insertInto('usage_types')
    .values({
      tenant_id: northwind.tenant.id,
      usage_name: 'seats',
      title: 'Seats',
      measurement_unit: 'quantity',
      created_at: clock.now(),
      updated_at: clock.now(),
    })
    .execute()
  const seats = (await read(contoso.id)).find(({ name }) => name === 'seats')
  assert.deepEqual([seats?.edition, seats?.status], [null, 1])
  assert.equal((await put(contoso.id, { name: 'seats', quota: quota(10, 0, 5) })).status, 200)
  const other = await testAccount(db, clock, fabrikam)
  const foreign = itemsIn(await operator.send('GET', `/api/2/tenants/${other.id}/offering_items`))
  assert.ok(!foreign.some(({ name }) => name === 'seats'))
  const { body } = await reseller.send('GET', `/api/2/applications/${BACKUP.id}`)
  assert.ok((body['usages'] as unknown as string[]).includes('seats'))
})

test('another reseller’s offering and usages answer as ones that do not exist', async () => {
  const id = fabrikam.tenant.id
  const edition = { target_edition: 'advanced', application_id: BACKUP.id }
  for (const [method, path, body] of [
    ['GET', `/api/2/tenants/${id}/offering_items`],
    ['PUT', `/api/2/tenants/${id}/offering_items`, { offering_items: [] }],
    ['GET', `/api/2/tenants/${id}/offering_items/available_for_child`],
    ['GET', `/api/2/tenants/offering_items?subtree_root_tenant_id=${id}`],
    ['GET', `/api/2/tenants/${id}/usages`],
    ['GET', `/api/2/tenants/${id}/edition?target_edition=advanced`],
    ['PUT', `/api/2/tenants/${id}/edition`, edition],
  ] as const) {
    assert.equal((await reseller.send(method, path, body)).status, 404, `${method} ${path}`)
  }
})

test('nobody switches on for themselves what those above switched off', async () => {
  const path = `/api/2/tenants/${northwind.tenant.id}/offering_items`
  const off = { offering_items: [{ application_id: BACKUP.id, name: 'mobiles', status: 0 }] }
  assert.equal((await operator.send('PUT', path, off)).status, 200)
  const on = await put(northwind.tenant.id, { name: 'mobiles', status: 1 })
  assert.deepEqual([on.status, codeOf(on)], [403, 1002])
  assert.equal(
    (await operator.send('PUT', path, { offering_items: [{ ...off.offering_items[0], status: 1 }] })).status,
    200,
  )
})
