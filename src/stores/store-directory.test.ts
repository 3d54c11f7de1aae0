import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fixedClock } from '../../test/harness/clock.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { testRoot, testSeller } from '../../test/harness/sellers.ts'
import { enableBrand } from '../branding/index.ts'
import { createChanges } from '../platform/changes.ts'
import { disableTenant, enableTenant } from '../tenants/index.ts'
import { addDomain, createStore, createStoreDirectory } from './index.ts'

const { db, pool } = await testDatabase()
const clock = fixedClock()
const seller = await testSeller(db, clock, 'shop.example', 'Northwind Cloud')
const { actor: operator } = await testRoot(db, clock)
const directory = createStoreDirectory({ db })
// So slow a poll that only hints can be in time.
const changes = createChanges({ pool, pollMs: 60_000 })
changes.subscribe(() => directory.refresh())
await changes.start()
after(() => changes.close())

async function becomes(claim: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !claim(); tries++) await sleep(20)
  assert.ok(claim())
}

test('a host leads to its store, whatever its case and port', () => {
  const entry = directory.resolve('Shop.Example:443')
  assert.equal(entry?.sellerId, seller.tenant.sellerId)
  assert.equal(entry?.sellerName, 'Northwind Cloud')
  assert.equal(entry?.origin, 'https://shop.example')
  assert.equal(entry?.status, 'active')
  assert.equal(entry?.currency, 'USD')
  assert.equal(directory.resolve('nowhere.example'), undefined)
})

test('a further domain answers soon after it is added; links keep the canonical origin', async () => {
  await addDomain(db, clock, seller.actor, { storeId: seller.storeId, origin: 'http://localhost:8080' })
  await becomes(() => directory.resolve('localhost') !== undefined)
  const entry = directory.resolve('localhost')
  assert.equal(entry?.host, 'localhost')
  assert.equal(entry?.origin, 'https://shop.example')
  assert.deepEqual(entry?.domains[0], { host: 'shop.example', origin: 'https://shop.example' })
})

test('the canonical place moves', async () => {
  await addDomain(db, clock, seller.actor, {
    storeId: seller.storeId,
    origin: 'https://new.shop.example',
    canonical: true,
  })
  await becomes(() => directory.resolve('localhost')?.origin === 'https://new.shop.example')
  assert.equal(directory.listOf(seller.tenant.sellerId)[0]?.host, 'new.shop.example')
})

test('a brand shows soon after it is enabled', async () => {
  await enableBrand(db, clock, seller.actor, { tenantId: seller.tenant.id, settings: { service_name: 'Northwind' } })
  await becomes(() => directory.resolve('localhost')?.brand.serviceName === 'Northwind')
})

test('stores below a disabled tenant are inactive until it is enabled again', async () => {
  await disableTenant(db, clock, operator, seller.tenant.id)
  await becomes(() => directory.resolve('localhost')?.status === 'inactive')
  assert.deepEqual(directory.listOf(seller.tenant.sellerId), [])
  await enableTenant(db, clock, operator, seller.tenant.id)
  await becomes(() => directory.resolve('localhost')?.status === 'active')
})

test('a host belongs to one store in the installation, and nobody adds to another’s', async () => {
  const other = await testSeller(db, clock, 'other.example')
  const taken = addDomain(db, clock, other.actor, { storeId: other.storeId, origin: 'https://shop.example' })
  await assert.rejects(taken, { code: 'conflict' })
  const foreign = addDomain(db, clock, other.actor, { storeId: seller.storeId, origin: 'https://free.example' })
  await assert.rejects(foreign, { code: 'not_found' })
  const noStore = createStore(db, clock, other.actor, {
    sellerId: seller.tenant.id,
    name: 'X',
    origin: 'https://x.example',
  })
  await assert.rejects(noStore, { code: 'not_found' })
})

test('a lost connection is replaced with the next poll', async () => {
  const errors: unknown[] = []
  const own = createStoreDirectory({ db })
  const polled = createChanges({ pool, pollMs: 50, onError: (error) => errors.push(error) })
  polled.subscribe(() => own.refresh())
  await polled.start()
  await pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen%' and datname = current_database()`,
  )
  await becomes(() => errors.length > 0)
  await testSeller(db, clock, 'later.example')
  await becomes(() => own.resolve('later.example') !== undefined)
  await polled.close()
})
