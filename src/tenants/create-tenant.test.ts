import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '../../test/harness/clock.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { actorAt, testRoot, testSeller } from '../../test/harness/sellers.ts'
import { createTenant, disableTenant, ensureRoot, getTenant, listVisibleSellerIds } from './index.ts'
import { isVisible } from './rules.ts'

const { db } = await testDatabase()
const clock = fixedClock()

test('two servers that start at once agree on one root', async () => {
  const [one, other] = await Promise.all([ensureRoot(db, clock), ensureRoot(db, clock)])
  assert.equal(one.id, other.id)
  assert.equal(one.path, '1')
})

test('a partner keeps its own books, and its customers are in them', async () => {
  const { tenant, actor } = await testSeller(db, clock, 'books.example')
  assert.equal(tenant.sellerId, tenant.id)
  const folder = await createTenant(db, clock, actor, { parentId: tenant.id, kind: 'folder', name: 'North' })
  const customer = await createTenant(db, clock, actor, { parentId: folder.id, kind: 'customer', name: 'Ann' })
  assert.equal(customer.sellerId, tenant.id)
  assert.equal(customer.path, `${tenant.path}.${folder.number}.${customer.number}`)
})

test('two sellers see nothing of each other', async () => {
  const one = await testSeller(db, clock, 'one.example')
  const other = await testSeller(db, clock, 'other.example')
  await assert.rejects(getTenant(db, one.actor, other.tenant.id), { code: 'not_found' })
  await assert.rejects(
    createTenant(db, clock, one.actor, { parentId: other.tenant.id, kind: 'customer', name: 'Stolen' }),
    { code: 'not_found' },
  )
  assert.deepEqual(await listVisibleSellerIds(db, one.actor), [one.tenant.id])
  assert.equal((await getTenant(db, (await testRoot(db, clock)).actor, other.tenant.id)).id, other.tenant.id)
})

test('nobody above sees behind a barrier, in SQL as in memory', async () => {
  const { tenant, actor } = await testSeller(db, clock, 'barrier.example')
  const { actor: operator } = await testRoot(db, clock)
  const closed = await createTenant(db, clock, actor, {
    parentId: tenant.id,
    kind: 'partner',
    name: 'Closed',
    ancestralAccess: false,
  })
  const inside = await createTenant(db, clock, actorAt(closed), { parentId: closed.id, kind: 'customer', name: 'In' })
  for (const target of [closed, inside])
    for (const { viewer, sees } of [
      { viewer: operator, sees: false },
      { viewer: actor, sees: false },
      { viewer: actorAt(closed), sees: true },
      { viewer: actorAt(inside), sees: target === inside },
    ]) {
      assert.equal(isVisible(target, viewer), sees)
      const found = await getTenant(db, viewer, target.id).catch(() => undefined)
      assert.equal(found !== undefined, sees)
    }
})

test('a disabled tenant keeps its data; nobody disables their own', async () => {
  const { tenant, actor } = await testSeller(db, clock, 'disabled.example')
  await assert.rejects(disableTenant(db, clock, actor, tenant.id), { code: 'unprocessable' })
  const { actor: operator } = await testRoot(db, clock)
  const disabled = await disableTenant(db, clock, operator, tenant.id)
  assert.equal(disabled.enabled, false)
  assert.equal(disabled.version, tenant.version + 1n)
})

test('every change is an event and an audit entry', async () => {
  const { tenant } = await testSeller(db, clock, 'told.example')
  const events = await db.selectFrom('events').where('seller_id', '=', tenant.sellerId).select('type').execute()
  const entries = await db.selectFrom('audit_log').where('seller_id', '=', tenant.sellerId).select('action').execute()
  assert.ok(events.some(({ type }) => type === 'tenant.created'))
  assert.ok(entries.some(({ action }) => action === 'tenant.create'))
})
