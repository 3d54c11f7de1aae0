import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '../../test/harness/clock.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { testAccount, testRoot, testSeller } from '../../test/harness/sellers.ts'
import { createTenant, getTenant } from '../tenants/index.ts'
import { BrandSettings, effectiveBrand, enableBrand } from './index.ts'
import { DEFAULT_SETTINGS, toBrand } from './rules.ts'

const { db } = await testDatabase()
const clock = fixedClock()

test('the brand has the 29 options of the seed', () => {
  assert.equal(Object.keys(BrandSettings.shape).length, 29)
  assert.deepEqual(BrandSettings.parse(DEFAULT_SETTINGS), DEFAULT_SETTINGS)
})

test('the nearest enabled brand at or above a tenant applies, else the defaults', async () => {
  const seller = await testSeller(db, clock, 'one.example', 'Northwind Cloud')
  const account = await testAccount(db, clock, seller)
  assert.equal((await effectiveBrand(db, account.id)).tenantId, null)
  const { root, actor } = await testRoot(db, clock)
  await enableBrand(db, clock, actor, { tenantId: root.id, settings: { service_name: 'Operator' } })
  assert.equal((await effectiveBrand(db, account.id)).serviceName, 'Operator')
  await enableBrand(db, clock, seller.actor, { tenantId: seller.tenant.id, settings: { upsell_url: ' https://buy ' } })
  const brand = await effectiveBrand(db, account.id)
  assert.equal(brand.serviceName, 'Northwind Cloud')
  assert.equal(brand.upsellUrl, 'https://buy')
  const folder = await createTenant(db, clock, seller.actor, { parentId: seller.tenant.id, kind: 'folder', name: 'F' })
  await enableBrand(db, clock, seller.actor, { tenantId: folder.id, settings: { company_name: 'Folder Inc' } })
  assert.equal((await effectiveBrand(db, folder.id)).serviceName, 'Folder Inc')
})

test('enabling raises the tenant’s version by one and keeps what was stored', async () => {
  const seller = await testSeller(db, clock, 'version.example')
  const before = await getTenant(db, seller.actor, seller.tenant.id)
  await enableBrand(db, clock, seller.actor, { tenantId: seller.tenant.id, settings: { color: 'FF8800' } })
  await enableBrand(db, clock, seller.actor, { tenantId: seller.tenant.id, settings: { service_name: 'S' } })
  const after = await getTenant(db, seller.actor, seller.tenant.id)
  assert.equal(after.version, before.version + 2n)
  const brand = await effectiveBrand(db, seller.tenant.id)
  assert.equal(brand.color, '#ff8800')
  assert.equal(brand.serviceName, 'S')
})

test('customers have no brand, and another reseller’s is not theirs to change', async () => {
  const seller = await testSeller(db, clock, 'a.example')
  const other = await testSeller(db, clock, 'b.example')
  const account = await testAccount(db, clock, seller)
  await assert.rejects(enableBrand(db, clock, seller.actor, { tenantId: account.id }), { code: 'unprocessable' })
  await assert.rejects(enableBrand(db, clock, other.actor, { tenantId: seller.tenant.id }), { code: 'not_found' })
})

test('only what a browser may follow becomes a link', () => {
  const stored = { tenantId: 't', tenantName: 'T', hasLogo: false, number: 1n, version: 1n }
  const show = (support_url: string) =>
    toBrand({ ...stored, settings: { ...DEFAULT_SETTINGS, support_url } }).supportUrl
  assert.equal(show('https://help.example/x'), 'https://help.example/x')
  for (const url of ['javascript:alert(1)', 'data:text/html,x', 'api/ams/links/help', ''])
    assert.equal(show(url), null, url)
})
