import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Answer, openApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { createSeller } from '../accounts/index.ts'
import { SIGN_INS } from '../demonstration/index.ts'
import type { SellerId } from '../kernel/ids.ts'
import { systemActor, tenantOf } from '../tenants/index.ts'
import { createUser } from '../users/index.ts'

const database = await testDatabase()
const app = await openApplication(database)
const reseller = app.caller()
const stranger = app.caller()
const CATEGORIES = '/api/v1/categories'
let below: SellerId

before(async () => {
  await reseller.signIn(SIGN_INS.reseller)
  const store = app.parts.stores.resolve('localhost')
  assert.ok(store)
  const actor = systemActor(store.sellerId, tenantOf(store.sellerId), store.sellerPath, 'test')
  const tenant = await createSeller(database.db, app.clock, actor, {
    parentId: tenantOf(store.sellerId),
    name: 'Baltic',
    currency: 'USD',
  })
  below = tenant.sellerId
  const email = 'bo@baltic.example'
  await createUser(database.db, app.clock, actor, {
    tenantId: tenant.id,
    email,
    password: 'demonstration',
    roles: ['partner_admin'],
  })
  await stranger.send('POST', '/api/v1/sessions', { email, password: 'demonstration' }, { host: '127.0.0.1:8080' })
})

const ok = async (answer: Promise<Answer>) => {
  const { status, body, text } = await answer
  assert.ok(status < 300, text)
  return body
}
const make = async (name: string): Promise<string> =>
  String((await ok(reseller.send('POST', CATEGORIES, { name })))['id'])
const listed = async (): Promise<string[]> =>
  ((await ok(reseller.send('GET', CATEGORIES)))['items'] as unknown as { id: string }[]).map(({ id }) => id)
const put = (categoryIds: readonly string[], caller = reseller) =>
  caller.send('PUT', '/api/v1/category-order', { category_ids: categoryIds })
/** What the store's pages are made of. */
const snapshotOf = (sellerId: SellerId) => app.parts.catalog.refresh(sellerId)
const pageOf = async (path: string): Promise<number> => {
  await app.parts.catalog.refreshChanged()
  return (await app.caller().send('GET', path)).status
}

test('categories stand in the order that was set, a new one last, in the store too', async () => {
  const [mail, files, phone] = [await make('Mail'), await make('Files'), await make('Phone')]
  assert.deepEqual(await listed(), [mail, files, phone])
  await ok(put([phone, mail, files]))
  const fax = await make('Fax')
  assert.deepEqual(await listed(), [phone, mail, files, fax])
  const northwind = app.parts.stores.resolve('localhost')?.sellerId
  assert.ok(northwind)
  assert.deepEqual([...(await snapshotOf(northwind)).categories.keys()], [phone, mail, files, fax])
  const before = await ok(reseller.send('GET', `${CATEGORIES}/${phone}`))
  await ok(put([phone, mail, files, fax]))
  assert.deepEqual(await ok(reseller.send('GET', `${CATEGORIES}/${phone}`)), before, 'nothing was written')
  for (const wrong of [
    [phone, mail, files],
    [phone, phone, mail, files],
    [phone, mail, files, '999999999'],
  ])
    assert.equal((await put(wrong)).status, 422)
  assert.equal((await put([phone, mail, files, fax], stranger)).status, 422)
})

test('a deleted category leaves its products on sale and its page to nobody; who was slower is told', async () => {
  const id = await make('Backups')
  const product = await ok(reseller.send('PATCH', '/api/v1/products/1', { category_id: id }))
  assert.equal(await pageOf('/catalog/backups'), 200)
  await ok(reseller.send('PATCH', `${CATEGORIES}/${id}`, { description: 'Kept safe.' }))
  const stale = await reseller.send('DELETE', `${CATEGORIES}/${id}`, undefined, { 'if-match': '"1"' })
  assert.equal(stale.status, 412)
  assert.equal((await stranger.send('DELETE', `${CATEGORIES}/${id}`)).status, 404)
  assert.equal((await stranger.send('GET', `${CATEGORIES}/${id}`)).status, 404)

  assert.equal((await reseller.send('DELETE', `${CATEGORIES}/${id}`)).status, 204)
  assert.equal((await reseller.send('DELETE', `${CATEGORIES}/${id}`)).status, 404)
  const left = await ok(reseller.send('GET', '/api/v1/products/1'))
  assert.deepEqual([left['category_id'], left['version']], [null, Number(product['version']) + 1])
  assert.equal(await pageOf('/catalog/backups'), 404)
  assert.equal(await pageOf('/product/backup'), 200)
  const log = await ok(reseller.send('GET', `/api/v1/audit-log?subject_kind=category&subject_id=${id}`))
  const [last] = log['items'] as unknown as { action: string; details: object }[]
  assert.deepEqual([last?.action, last?.details], ['category.delete', { name: 'Backups' }])
})

test('a product that is put into a category while it is deleted is in none, or was too late', async () => {
  for (let round = 0; round < 5; round++) {
    const id = await make(`Round ${round}`)
    const [moved, removed] = await Promise.all([
      reseller.send('PATCH', '/api/v1/products/1', { category_id: id }),
      reseller.send('DELETE', `${CATEGORIES}/${id}`),
    ])
    assert.equal(removed.status, 204, removed.text)
    assert.ok([200, 422].includes(moved.status), moved.text)
    assert.equal((await ok(reseller.send('GET', '/api/v1/products/1')))['category_id'], null)
  }
})

test('who sells a product on shows its category as it is called now, and none once it is deleted', async () => {
  await ok(reseller.send('PUT', `/api/v1/plans/425/delegations/${below}`, { active: true }))
  const id = await make('Old name')
  await ok(reseller.send('PATCH', '/api/v1/products/1', { category_id: id }))
  const named = async () => (await app.parts.catalog.get(below)).categories.get(id)?.name
  await app.parts.catalog.refreshChanged()
  assert.equal(await named(), 'Old name')
  await ok(reseller.send('PATCH', `${CATEGORIES}/${id}`, { name: 'New name' }))
  await app.parts.catalog.refreshChanged()
  assert.equal(await named(), 'New name')
  await ok(reseller.send('DELETE', `${CATEGORIES}/${id}`))
  await app.parts.catalog.refreshChanged()
  assert.equal(await named(), undefined)
})
