import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '../../test/harness/clock.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { testAccount, testRoot, testSeller } from '../../test/harness/sellers.ts'
import { findAccount } from '../accounts/index.ts'
import { newId, type TenantId } from '../kernel/ids.ts'
import { createManager, createManagerDirectory, linkAccount, listAttributions } from './index.ts'
import { managerCookieHeader } from './manager-cookie.ts'
import { listManagerViews } from './manager-view.ts'

const { db } = await testDatabase()
const clock = fixedClock()
const seller = await testSeller(db, clock, 'one.example')
const other = await testSeller(db, clock, 'other.example')
const { root, actor: operator } = await testRoot(db, clock)
const make = (key: string, change: object = {}) =>
  createManager(db, clock, seller.actor, { sellerId: seller.tenant.id, name: key, role: 'sales', key, ...change })
const carter = await make('carter81')
const dana = await make('dana')
await make('idle', { active: false })
await make('adverts', { role: 'marketing' })
const above = await createManager(db, clock, operator, { sellerId: root.id, name: 'Up', role: 'sales', key: 'up' })
await createManager(db, clock, other.actor, { sellerId: other.tenant.id, name: 'O', role: 'sales', key: 'beside' })

const link = (accountId: TenantId, managerKey: string | null) =>
  db.transaction().execute((tx) =>
    linkAccount(tx, {
      sellerId: seller.tenant.sellerId,
      accountId,
      managerKey,
      reason: 'order',
      orderId: newId(),
      actor: seller.actor,
      correlationId: newId(),
      at: clock.now(),
    }),
  )
const managerOf = async (accountId: TenantId) =>
  (await findAccount(db, seller.tenant.sellerId, accountId))?.managerId ?? null

for (const { key, manager } of [
  { key: 'carter81', manager: carter.id },
  { key: 'up', manager: above.id },
  { key: 'Carter81', manager: null },
  { key: 'idle', manager: null },
  { key: 'adverts', manager: null },
  { key: 'beside', manager: null },
  { key: 'nobody', manager: null },
  { key: null, manager: null },
])
  test(`the key ${key} ${manager ? 'credits its manager' : 'credits nobody'}`, async () => {
    const { id } = await testAccount(db, clock, seller, `By ${key}`)
    const decision = await link(id, key)
    assert.equal(decision.kind, manager ? 'link' : 'keep')
    assert.equal(await managerOf(id), manager)
    assert.equal((await listAttributions(db, seller.tenant.sellerId, id)).length, manager ? 1 : 0)
  })

test('of two keys at once one wins, and is told of once', async () => {
  const { id } = await testAccount(db, clock, seller, 'Race')
  const decisions = await Promise.all([link(id, 'carter81'), link(id, 'dana'), link(id, 'carter81'), link(id, 'dana')])
  assert.equal(decisions.filter(({ kind }) => kind === 'link').length, 1)
  assert.ok([carter.id, dana.id].includes((await managerOf(id)) ?? ''))
  const events = await db
    .selectFrom('events')
    .where('seller_id', '=', seller.tenant.sellerId)
    .where('subject_id', '=', id)
    .where('type', '=', 'account.manager_changed')
    .select('id')
    .execute()
  assert.equal(events.length, 1)
  assert.equal((await listAttributions(db, seller.tenant.sellerId, id)).length, 1)
})

test('another seller’s account is not found', async () => {
  const foreign = await testAccount(db, clock, other)
  await assert.rejects(link(foreign.id, 'carter81'), { code: 'not_found' })
})

test('a key is unique in the installation, in exactly its letters', async () => {
  const taken = createManager(db, clock, other.actor, {
    sellerId: other.tenant.id,
    name: 'Thief',
    role: 'sales',
    key: 'carter81',
  })
  await assert.rejects(taken, { code: 'conflict' })
  const near = await createManager(db, clock, other.actor, {
    sellerId: other.tenant.id,
    name: 'Near',
    role: 'sales',
    key: 'CARTER81',
  })
  assert.notEqual(near.id, carter.id)
  await assert.rejects(make('no key'), { code: 'unprocessable' })
})

test('managers are seen at and below one’s own reseller, by sales only themselves', async () => {
  const names = async (path: string, onlyManagerId: string | null = null) =>
    (await listManagerViews(db, { path, onlyManagerId }, { limit: 50 })).map(({ name }) => name)
  assert.deepEqual(await names(seller.tenant.path), ['carter81', 'dana', 'idle', 'adverts'])
  assert.deepEqual(await names(seller.tenant.path, dana.id), ['dana'])
  assert.ok((await names(root.path)).includes('O'))
})

test('the directory finds exactly this key, and the cookie it sets is ours alone', async () => {
  const directory = createManagerDirectory({ db })
  assert.equal(directory.findByKey('carter81'), undefined)
  await directory.refresh()
  assert.equal(directory.findByKey('carter81')?.id, carter.id)
  assert.equal(directory.findByKey('Carter81'), undefined)
  const visit = { incomingKey: 'carter81', existingKey: undefined, sellerPath: seller.tenant.path, directory }
  assert.equal(
    managerCookieHeader({ ...visit, secure: true }),
    'buylink_manager=carter81; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax; Secure',
  )
  assert.equal(
    managerCookieHeader({ ...visit, secure: false }),
    'buylink_manager=carter81; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax',
  )
})
