import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '../../test/harness/clock.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { testAccount, testRoot, testSeller } from '../../test/harness/sellers.ts'
import { createManager, managerOfUser } from '../attribution/index.ts'
import { sha256 } from '../platform/auth/tokens.ts'
import { disableTenant } from '../tenants/index.ts'
import {
  createPrincipalLoaders,
  createUser,
  ensureAdministrator,
  ensureRootClient,
  NO_MANAGER,
  SCOPES,
} from './index.ts'

const { db } = await testDatabase()
const clock = fixedClock()
const seller = await testSeller(db, clock, 'one.example')
const { root, actor: operator } = await testRoot(db, clock)
const loaders = createPrincipalLoaders({ db, managerOfUser })

test('a user stands at their tenant with what their roles allow', async () => {
  const account = await testAccount(db, clock, seller)
  const user = await createUser(db, clock, seller.actor, {
    tenantId: account.id,
    email: 'Ann@Example.com',
    roles: ['company_admin'],
  })
  assert.equal(user.email, 'ann@example.com')
  const principal = await loaders.loadUserPrincipal(user.sellerId, user.id)
  assert.equal(principal?.path, account.path)
  assert.deepEqual(principal?.roles, ['company_admin'])
  assert.equal(principal?.onlyManagerId, null)
  assert.ok(principal?.scopes.has('checkouts:write') && !principal.scopes.has('payments:approve'))
})

test('sales alone sees only what is attributed to that manager, and nothing without a manager’s record', async () => {
  const people = { tenantId: seller.tenant.id, roles: ['sales'] as const }
  const carter = await createUser(db, clock, seller.actor, { ...people, email: 'carter@example.com' })
  const nobody = await createUser(db, clock, seller.actor, { ...people, email: 'new@example.com' })
  const both = await createUser(db, clock, seller.actor, {
    ...people,
    email: 'both@example.com',
    roles: ['sales', 'finance'],
  })
  const manager = await createManager(db, clock, seller.actor, {
    sellerId: seller.tenant.id,
    name: 'Carter',
    role: 'sales',
    userId: carter.id,
  })
  const only = async (id: string) => (await loaders.loadUserPrincipal(seller.tenant.sellerId, id))?.onlyManagerId
  assert.equal(await only(carter.id), manager.id)
  assert.equal(await only(nobody.id), NO_MANAGER)
  assert.equal(await only(both.id), null)
})

test('staff who owe a second factor may do nothing before they have it; customers owe none', async () => {
  const strict = createPrincipalLoaders({ db, managerOfUser, requireSecondFactor: true })
  const account = await testAccount(db, clock, seller)
  const buyer = await createUser(db, clock, seller.actor, {
    tenantId: account.id,
    email: 'strict-buyer@example.com',
    roles: ['company_admin'],
  })
  const staff = await createUser(db, clock, seller.actor, {
    tenantId: seller.tenant.id,
    email: 'strict-staff@example.com',
    roles: ['partner_admin'],
  })
  assert.ok((await strict.loadUserPrincipal(buyer.sellerId, buyer.id))?.scopes.has('checkouts:write'))
  const owing = await strict.loadUserPrincipal(staff.sellerId, staff.id)
  assert.deepEqual([owing?.owesSecondFactor, owing?.roles, owing?.scopes.size], [true, [], 0])
  const factor = { seller_id: staff.sellerId, user_id: staff.id, secret: Buffer.alloc(1), created_at: clock.now() }
  await db.insertInto('second_factors').values(factor).execute()
  assert.equal((await strict.loadUserPrincipal(staff.sellerId, staff.id))?.scopes.size, 0, 'begun is not enough')
  await db.updateTable('second_factors').set({ confirmed_at: clock.now() }).where('user_id', '=', staff.id).execute()
  const ready = await strict.loadUserPrincipal(staff.sellerId, staff.id)
  assert.deepEqual(ready, await loaders.loadUserPrincipal(staff.sellerId, staff.id))
  assert.ok(ready?.scopes.has('payments:approve'))
})

test('nobody is let in below a disabled tenant, user or program', async () => {
  const closed = await testSeller(db, clock, 'closed.example')
  const user = await createUser(db, clock, closed.actor, {
    tenantId: closed.tenant.id,
    email: 'admin@closed.example',
    roles: ['partner_admin'],
  })
  assert.ok(await loaders.loadUserPrincipal(user.sellerId, user.id))
  await disableTenant(db, clock, operator, closed.tenant.id)
  assert.equal(await loaders.loadUserPrincipal(user.sellerId, user.id), undefined)
})

test('a user of one seller is unknown at another', async () => {
  const other = await testSeller(db, clock, 'other.example')
  const user = await createUser(db, clock, other.actor, {
    tenantId: other.tenant.id,
    email: 'x@example.com',
    roles: ['finance'],
  })
  assert.equal(await loaders.loadUserPrincipal(seller.tenant.sellerId, user.id), undefined)
})

test('the same e-mail may be used at two sellers, each with a login of their own, and once at each', async () => {
  const third = await testSeller(db, clock, 'third.example')
  const make = (at: typeof seller) =>
    createUser(db, clock, at.actor, { tenantId: at.tenant.id, email: 'same@example.com', roles: ['finance'] })
  const one = await make(seller)
  const two = await make(third)
  assert.equal(one.login, 'same@example.com')
  assert.equal(two.login, `same@example.com#${two.number}`)
  await assert.rejects(make(seller), { code: 'conflict' })
})

test('nobody gets a role that cannot be held at a tenant, or a place in a tenant they do not see', async () => {
  const account = await testAccount(db, clock, seller, 'Fabrikam')
  const user = { email: 'role@example.com', roles: ['partner_admin'] as const }
  await assert.rejects(createUser(db, clock, seller.actor, { ...user, tenantId: account.id }), {
    code: 'unprocessable',
  })
  await assert.rejects(createUser(db, clock, seller.actor, { ...user, tenantId: root.id }), { code: 'not_found' })
})

test('the operator’s client is made once, its secret shown once', async () => {
  const made = await ensureRootClient(db, clock, operator, undefined)
  assert.ok(made)
  assert.equal(await ensureRootClient(db, clock, operator, undefined), null)
  const client = await loaders.loadClient(made.id)
  assert.deepEqual(client?.secretHash, sha256(made.secret))
  assert.deepEqual([...(client?.scopes ?? [])], [...SCOPES])
  assert.equal(client?.path, root.path)
  assert.equal(await ensureRootClient(db, clock, operator, { id: 'mine', secret: 'secret' }), null)
  assert.deepEqual((await loaders.loadClient('mine'))?.secretHash, sha256('secret'))
  assert.equal(await loaders.loadClient('nobody'), undefined)
})

test('the first administrator is made while the root has nobody', async () => {
  const made = await ensureAdministrator(db, clock, operator, undefined)
  assert.match(made?.email ?? '', /\.invalid$/)
  assert.equal(await ensureAdministrator(db, clock, operator, { email: 'a@b.example', password: 'long enough' }), null)
})
