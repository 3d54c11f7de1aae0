import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '../../test/harness/clock.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { testAccount, testRoot, testSeller } from '../../test/harness/sellers.ts'
import { findAccount } from '../accounts/index.ts'
import { newId, type TenantId } from '../kernel/ids.ts'
import { createUser } from '../users/index.ts'
import { createManager, createManagerDirectory, isSelfReferral, linkAccount, listAttributions } from './index.ts'
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
      touch: managerKey === null ? null : { key: managerKey, channel: 'buy_link', at: clock.now() },
      reason: 'order',
      orderId: newId(),
      actor: seller.actor,
      correlationId: newId(),
      at: clock.now(),
    }),
  )
const managerOf = async (accountId: TenantId) =>
  (await findAccount(db, seller.tenant.sellerId, accountId))?.managerId ?? null

for (const { key, manager, refusal } of [
  { key: 'carter81', manager: carter.id },
  { key: 'up', manager: above.id },
  { key: 'Carter81', manager: null, refusal: 'no_manager' },
  { key: 'idle', manager: null, refusal: 'inactive' },
  { key: 'adverts', manager: null, refusal: 'not_sales' },
  { key: 'beside', manager: null, refusal: 'other_seller' },
  { key: 'nobody', manager: null, refusal: 'no_manager' },
  { key: null, manager: null },
] as readonly { key: string | null; manager: string | null; refusal?: string }[])
  test(`the key ${key} ${manager ? 'credits its manager' : 'credits nobody'}`, async () => {
    const { id } = await testAccount(db, clock, seller, `By ${key}`)
    const decision = await link(id, key)
    assert.equal(decision.kind, manager ? 'link' : 'keep')
    assert.equal(await managerOf(id), manager)
    const lines = await listAttributions(db, seller.tenant.sellerId, id)
    assert.equal(lines.length, key === null ? 0 : 1)
    assert.deepEqual(
      lines.map(({ outcome, refusal, channel, managerKey }) => [outcome, refusal, channel, managerKey]),
      key === null ? [] : [[manager ? 'linked' : 'refused', refusal ?? null, 'buy_link', key]],
    )
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
  const lines = await listAttributions(db, seller.tenant.sellerId, id)
  assert.equal(lines.length, 4)
  assert.equal(lines.filter(({ outcome }) => outcome === 'linked').length, 1)
  assert.equal(lines.filter(({ refusal }) => refusal === 'already_linked').length, 3)
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
    (await listManagerViews(db, { path, onlyManagerId }, { limit: 50 })).items.map(({ name }) => name)
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
  const now = clock.now()
  const incoming = { key: 'carter81', channel: 'buy_link', at: now } as const
  const visit = { incoming, existing: null, sellerPath: seller.tenant.path, directory, now }
  const seconds = Math.floor(now.getTime() / 1000).toString(36)
  assert.equal(
    managerCookieHeader({ ...visit, secure: true }),
    `buylink_manager=carter81~b~${seconds}; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax; Secure`,
  )
  assert.equal(
    managerCookieHeader({ ...visit, secure: false }),
    `buylink_manager=carter81~b~${seconds}; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax`,
  )
})

test('row 49: whoever buys with their own key is credited with nothing, and the ledger says so', async () => {
  const own = await testAccount(db, clock, seller, 'Own account')
  const byMail = await testAccount(db, clock, seller, 'Same address')
  const signedIn = await testAccount(db, clock, seller, 'Also staff')
  await createUser(db, clock, seller.actor, {
    tenantId: byMail.id,
    email: 'pat@partner.example',
    roles: ['company_admin'],
  })
  const { id: userId } = await createUser(db, clock, operator, {
    tenantId: root.id,
    email: 'sid@up.example',
    roles: ['sales'],
  })
  await createUser(db, clock, seller.actor, {
    tenantId: signedIn.id,
    email: 'sid@up.example',
    roles: ['company_admin'],
  })
  await make('partner', { isPartner: true, email: 'PAT@partner.example', accountId: own.id })
  await createManager(db, clock, operator, { sellerId: root.id, name: 'Sid', role: 'sales', key: 'sid', userId })
  for (const [account, key] of [
    [own, 'partner'],
    [byMail, 'partner'],
    [signedIn, 'sid'],
  ] as const) {
    assert.deepEqual(await link(account.id, key), { kind: 'keep', reason: 'self_referral' })
    assert.equal(await managerOf(account.id), null)
    const [line] = await listAttributions(db, seller.tenant.sellerId, account.id)
    assert.deepEqual([line?.outcome, line?.refusal, line?.managerKey], ['refused', 'self_referral', key])
    // Another one may still be credited.
    assert.equal((await link(account.id, 'carter81')).kind, 'link')
  }
})

test('row 49: nor is whoever pays with the manager’s own company, or is one of its people at another reseller', async () => {
  const [own, payer, others] = [
    await testAccount(db, clock, seller, 'Own company'),
    await testAccount(db, clock, seller, 'Its other account'),
    await testAccount(db, clock, seller, 'Others'),
  ]
  const elsewhere = await testAccount(db, clock, other, 'Elsewhere')
  const manager = await createManager(db, clock, operator, {
    sellerId: root.id,
    name: 'Kim',
    role: 'sales',
    key: 'kim',
    accountId: own.id,
  })
  for (const [{ id }, vatId] of [
    [own, 'DE 123.456.789'],
    [payer, 'de123456789'],
    [others, 'DE 123.456.780'],
  ] as const)
    await db.updateTable('accounts').set({ vat_id: vatId }).where('tenant_id', '=', id).execute()
  const roles = ['company_admin'] as const
  await createUser(db, clock, seller.actor, { tenantId: own.id, email: 'kai@own.example', roles: [...roles] })
  assert.deepEqual(await link(payer.id, 'kim'), { kind: 'keep', reason: 'self_referral' })
  assert.equal((await link(others.id, 'kim')).kind, 'link')
  const there = { sellerId: other.tenant.sellerId, id: elsewhere.id }
  assert.equal(await isSelfReferral(db, there, manager.id), false)
  await createUser(db, clock, other.actor, { tenantId: elsewhere.id, email: 'KAI@own.example', roles: [...roles] })
  assert.equal(await isSelfReferral(db, there, manager.id), true)
})

test('without a VAT number two companies are not one', async () => {
  const [own, stranger] = [
    await testAccount(db, clock, seller, 'No number'),
    await testAccount(db, clock, seller, 'None either'),
  ]
  await make('numberless', { accountId: own.id })
  assert.equal((await link(stranger.id, 'numberless')).kind, 'link')
})
