import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '../../test/harness/clock.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { testAccount, testRoot, testSeller } from '../../test/harness/sellers.ts'
import { newId } from '../kernel/ids.ts'
import { createUser } from '../users/index.ts'
import { changeManager, createManager, createManagerDirectory, deleteManager, findManagerOfUser } from './index.ts'
import { getManagerView, listManagerViews } from './manager-view.ts'
import { isAboveInLine } from './rules.ts'

const { db } = await testDatabase()
const clock = fixedClock()
const one = await testSeller(db, clock, 'one.example')
const two = await testSeller(db, clock, 'two.example')
const { actor: operator } = await testRoot(db, clock)

const make = (key: string | null, change: object = {}, seller = one) =>
  createManager(db, clock, seller.actor, {
    sellerId: seller.tenant.id,
    name: key ?? 'Keyless',
    role: 'sales',
    key,
    ...change,
  })
const change = (id: string, what: object, actor = one.actor) => changeManager(db, clock, actor, { id, ...what })
const user = async (email: string, roles: ('sales' | 'finance')[], seller = one) =>
  (await createUser(db, clock, seller.actor, { tenantId: seller.tenant.id, email, roles })).id
const refused = (path: string, code: string) => (error: { problems?: readonly { path: string; code: string }[] }) =>
  (error.problems ?? []).some((problem) => problem.path === path && problem.code === code)

test('row 41: a key belongs to its first owner for ever: taken back, changed or deleted, nobody else gets it', async () => {
  const first = await make('first')
  const taken = refused('key', 'taken')
  await assert.rejects(make('first', {}, two), taken)
  await change(first.id, { key: 'second' })
  await assert.rejects(make('first', {}, two), taken)
  await change(first.id, { key: null })
  for (const key of ['first', 'second']) await assert.rejects(make(key), taken)
  const other = await make('other')
  await assert.rejects(change(other.id, { key: 'second' }), taken)
  // Its owner may have it again.
  await change(first.id, { key: 'first' })
  await deleteManager(db, clock, one.actor, { id: first.id })
  for (const key of ['first', 'second']) await assert.rejects(make(key), taken)
  // Other letters are another key.
  assert.equal((await make('First')).key, 'First')
})

test('of two who want a key at once one gets it', async () => {
  const wishes = await Promise.allSettled([make('wanted'), make('wanted', {}, two), make('wanted')])
  assert.equal(wishes.filter(({ status }) => status === 'fulfilled').length, 1)
  const change1 = await Promise.allSettled([
    change((await make('x1')).id, { key: 'late' }),
    change((await make('x2', {}, two)).id, { key: 'late' }, two.actor),
  ])
  assert.equal(change1.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('a deleted manager is in no list and no directory of keys, and still has a name', async () => {
  const gone = await make('gone')
  await deleteManager(db, clock, one.actor, { id: gone.id })
  await assert.rejects(getManagerView(db, one.actor, gone.id), { code: 'not_found' })
  await assert.rejects(change(gone.id, { name: 'Back' }), { code: 'not_found' })
  assert.ok(!(await listManagerViews(db, one.actor, { limit: 99 })).items.some(({ id }) => id === gone.id))
  const directory = createManagerDirectory({ db })
  await directory.refresh()
  assert.equal(directory.findByKey('gone'), undefined)
  assert.equal(directory.findById(gone.id)?.name, 'gone')
})

test('a manager signs in as a user of the same reseller with the role sales, and nobody else does', async () => {
  const [sam, fin, foreign] = [
    await user('sam@one.example', ['sales']),
    await user('fin@one.example', ['finance']),
    await user('sam@two.example', ['sales'], two),
  ]
  for (const userId of [fin, foreign, newId()])
    await assert.rejects(make(null, { userId }), refused('user_id', 'invalid'))
  const manager = await make('sam', { userId: sam })
  assert.equal((await findManagerOfUser(db, one.tenant.sellerId, sam))?.id, manager.id)
  await assert.rejects(make('sam2', { userId: sam }), refused('user_id', 'taken'))
  await assert.rejects(make('p1', { userId: sam, isPartner: true }), refused('user_id', 'invalid'))
  await deleteManager(db, clock, one.actor, { id: manager.id })
  assert.equal(await findManagerOfUser(db, one.tenant.sellerId, sam), undefined)
  assert.equal((await make('sam3', { userId: sam })).userId, sam)
})

test('row 41: supervisors are of the same reseller and make no circle, not even two at once', async () => {
  const [a, b, c] = [await make('a'), await make('b'), await make('c')]
  await assert.rejects(change(a.id, { supervisorId: a.id }), refused('supervisor_id', 'circle'))
  await assert.rejects(
    change(a.id, { supervisorId: (await make('z', {}, two)).id }),
    refused('supervisor_id', 'invalid'),
  )
  await change(b.id, { supervisorId: a.id })
  await change(c.id, { supervisorId: b.id })
  await assert.rejects(change(a.id, { supervisorId: c.id }), refused('supervisor_id', 'circle'))
  assert.equal((await getManagerView(db, one.actor, c.id)).supervisor?.name, 'b')
  const [d, e] = [await make('d'), await make('e')]
  const results = await Promise.allSettled([change(d.id, { supervisorId: e.id }), change(e.id, { supervisorId: d.id })])
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
  const line = [
    { id: 'm', supervisorId: 'n' },
    { id: 'n', supervisorId: 'o' },
    { id: 'o', supervisorId: 'n' },
  ]
  assert.equal(isAboveInLine({ id: 'm', supervisorId: 'n' }, line), false)
})

test('every problem is told at once', async () => {
  const wrong = make('no key', { name: ' ', isPartner: true, role: 'owner', accountId: one.tenant.id })
  await assert.rejects(wrong, (error: { problems: readonly { path: string }[] }) => {
    assert.deepEqual(error.problems.map(({ path }) => path).sort(), ['account_id', 'key', 'name', 'role'])
    return true
  })
})

test('their own account is one of their reseller’s customers', async () => {
  const own = await testAccount(db, clock, one, 'Own')
  const foreign = await testAccount(db, clock, two, 'Foreign')
  assert.equal((await make('own', { accountId: own.id })).accountId, own.id)
  await assert.rejects(make('own2', { accountId: foreign.id }), refused('account_id', 'invalid'))
})

test('another version is refused, the same change twice is one', async () => {
  const { id } = await make('versioned')
  await change(id, { name: 'New', ifMatch: 1n })
  await change(id, { name: 'New' })
  assert.equal((await getManagerView(db, one.actor, id)).version, 2n)
  await assert.rejects(change(id, { name: 'Late', ifMatch: 1n }), { code: 'version_mismatch' })
  const { rows } = {
    rows: await db
      .selectFrom('audit_log')
      .where('subject_id', '=', id)
      .select(['action', 'details'])
      .orderBy('id')
      .execute(),
  }
  assert.deepEqual(
    rows.map(({ action }) => action),
    ['manager.create', 'manager.update'],
  )
  assert.ok(!JSON.stringify(rows).includes('New'), 'names stay out of the log')
})

test('two resellers see nothing of each other’s managers, the operator sees all, sales only themselves', async () => {
  const mine = await make('mine')
  const names = async (path: string, onlyManagerId: string | null = null, filter: object = {}) =>
    (await listManagerViews(db, { path, onlyManagerId }, { limit: 99, ...filter })).items.map(({ name }) => name)
  assert.ok(!(await names(two.tenant.path)).includes('mine'))
  assert.ok((await names(operator.path)).includes('mine'))
  assert.deepEqual(await names(one.tenant.path, mine.id), ['mine'])
  for (const actor of [two.actor, { ...one.actor, onlyManagerId: newId<string>() }]) {
    await assert.rejects(getManagerView(db, actor, mine.id), { code: 'not_found' })
    await assert.rejects(change(mine.id, { name: 'Stolen' }, actor), { code: 'not_found' })
    await assert.rejects(deleteManager(db, clock, actor, { id: mine.id }), { code: 'not_found' })
  }
  assert.deepEqual(await names(one.tenant.path, null, { query: 'MIN' }), ['mine'])
  assert.deepEqual(await names(one.tenant.path, null, { query: '%' }), [])
})
