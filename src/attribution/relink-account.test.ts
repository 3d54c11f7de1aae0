import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '../../test/harness/clock.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { actorAt, testAccount, testRoot, testSeller } from '../../test/harness/sellers.ts'
import { findAccount } from '../accounts/index.ts'
import { newId, type TenantId } from '../kernel/ids.ts'
import { DAY_MS } from '../kernel/time.ts'
import { accountAttribution } from './account-attribution-view.ts'
import { createManager, linkAccount, relinkAccount } from './index.ts'

const { db } = await testDatabase()
const clock = fixedClock()
const one = await testSeller(db, clock, 'one.example')
const two = await testSeller(db, clock, 'two.example')
const { root, actor: operator } = await testRoot(db, clock)
const make = (key: string, change: object = {}, seller = one) =>
  createManager(db, clock, seller.actor, { sellerId: seller.tenant.id, name: key, role: 'sales', key, ...change })
const [carter, dana] = [await make('carter81'), await make('dana')]

const touch = (accountId: TenantId, key: string) =>
  db.transaction().execute((tx) =>
    linkAccount(tx, {
      sellerId: one.tenant.sellerId,
      accountId,
      touch: { key, channel: 'store_page', at: clock.now() },
      reason: 'registration',
      orderId: null,
      actor: one.actor,
      correlationId: newId(),
      at: clock.now(),
    }),
  )
const relink = (accountId: TenantId, managerId: string | null, actor = one.actor, reason = 'Moved to the north') =>
  relinkAccount(db, clock, actor, { accountId, managerId, reason })
const managerOf = async (accountId: TenantId) =>
  (await findAccount(db, one.tenant.sellerId, accountId))?.managerId ?? null

test('row 48: a person links an account anew; the history tells for every day who was credited, and why', async () => {
  const account = await testAccount(db, clock, one, 'Moved')
  const before = clock.now()
  clock.advance(DAY_MS)
  await touch(account.id, 'carter81')
  const linked = clock.now()
  clock.advance(DAY_MS)
  await touch(account.id, 'dana')
  clock.advance(DAY_MS)
  await relink(account.id, dana.id)
  const moved = clock.now()
  clock.advance(DAY_MS)
  await relink(account.id, null, one.actor, 'Left the company')
  assert.equal(await managerOf(account.id), null)

  const at = async (moment: Date) => (await accountAttribution(db, one.actor, account.id, moment)).manager?.name ?? null
  assert.deepEqual(
    [await at(before), await at(linked), await at(moved), await at(clock.now())],
    [null, 'carter81', 'dana', null],
  )
  const { lines } = await accountAttribution(db, one.actor, account.id, clock.now())
  assert.deepEqual(
    lines.map(({ outcome, reason, refusal, channel, note }) => [outcome, reason, refusal, channel, note]),
    [
      ['unlinked', 'relinked', null, 'staff', 'Left the company'],
      ['linked', 'relinked', null, 'staff', 'Moved to the north'],
      ['refused', 'registration', 'already_linked', 'store_page', ''],
      ['linked', 'registration', null, 'store_page', ''],
    ],
  )
  const events = await db
    .selectFrom('events')
    .where('seller_id', '=', one.tenant.sellerId)
    .where('subject_id', '=', account.id)
    .where('type', '=', 'account.manager_changed')
    .select('payload')
    .orderBy('id')
    .execute()
  assert.deepEqual(
    events.map(({ payload }) => [payload['previous_manager_id'], payload['manager_id'], payload['reason']]),
    [
      [null, carter.id, 'registration'],
      [carter.id, dana.id, 'relinked'],
      [dana.id, null, 'relinked'],
    ],
  )
})

test('the same manager again, and the same request twice at once, is one change', async () => {
  const account = await testAccount(db, clock, one, 'Once')
  await relink(account.id, carter.id)
  await relink(account.id, carter.id)
  const results = await Promise.allSettled([relink(account.id, dana.id), relink(account.id, dana.id)])
  assert.ok(results.some(({ status }) => status === 'fulfilled'))
  const { lines } = await accountAttribution(db, one.actor, account.id, clock.now())
  assert.equal(lines.length, 2)
})

test('it takes the provider’s staff, a reason, and a manager who can be credited', async () => {
  const account = await testAccount(db, clock, one, 'Guarded')
  const own = await make('own', { isPartner: true, accountId: account.id })
  const idle = await make('idle', { active: false })
  const adverts = await make('adverts', { role: 'marketing' })
  const foreign = await make('foreign', {}, two)
  for (const [managerId, actor, reason, code] of [
    [carter.id, actorAt(account), 'Why', 'forbidden'],
    [carter.id, { ...one.actor, onlyManagerId: dana.id }, 'Why', 'not_found'],
    [carter.id, two.actor, 'Why', 'not_found'],
    [foreign.id, one.actor, 'Why', 'not_found'],
    [foreign.id, operator, 'Why', 'unprocessable'],
    [carter.id, one.actor, ' ', 'unprocessable'],
    [idle.id, one.actor, 'Why', 'unprocessable'],
    [adverts.id, one.actor, 'Why', 'unprocessable'],
    [own.id, one.actor, 'Why', 'unprocessable'],
  ] as const)
    await assert.rejects(relink(account.id, managerId, actor, reason), { code }, `${code} ${managerId}`)
  assert.equal(await managerOf(account.id), null)
  const above = await createManager(db, clock, operator, { sellerId: root.id, name: 'Up', role: 'sales', key: 'up' })
  await relink(account.id, above.id, operator)
  assert.equal(await managerOf(account.id), above.id)
  // Nor does a sales manager hand on what is credited to them.
  await assert.rejects(relink(account.id, null, { ...one.actor, onlyManagerId: above.id }, 'Why'), {
    code: 'forbidden',
  })
  const version = (await findAccount(db, one.tenant.sellerId, account.id))?.version ?? 0n
  await assert.rejects(
    relinkAccount(db, clock, one.actor, {
      accountId: account.id,
      managerId: null,
      reason: 'Late',
      ifMatch: version - 1n,
    }),
    { code: 'version_mismatch' },
  )
})

test('a sales manager reads the lines of others without their names, another reseller nothing', async () => {
  const account = await testAccount(db, clock, one, 'Shared')
  await touch(account.id, 'dana')
  await relink(account.id, carter.id, one.actor, 'Dana is away')
  const seen = await accountAttribution(db, { ...one.actor, onlyManagerId: carter.id }, account.id, clock.now())
  assert.deepEqual(
    seen.lines.map(({ manager, managerKey, note }) => [manager?.name ?? null, managerKey, note]),
    [
      ['carter81', 'carter81', 'Dana is away'],
      [null, null, ''],
    ],
  )
  await assert.rejects(accountAttribution(db, two.actor, account.id, clock.now()), { code: 'not_found' })
})
