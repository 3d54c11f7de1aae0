import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { openApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { createSeller } from '../accounts/index.ts'
import { SIGN_INS } from '../demonstration/index.ts'
import type { TenantId } from '../kernel/ids.ts'
import { systemActor, tenantOf } from '../tenants/index.ts'
import { createUser } from '../users/index.ts'

const database = await testDatabase()
const app = await openApplication(database)
const northwind = app.caller()
const baltic = app.caller()
const outsider = app.caller()
let below: TenantId

before(async () => {
  await northwind.signIn(SIGN_INS.reseller)
  const store = app.parts.stores.resolve('localhost')
  assert.ok(store)
  const actor = systemActor(store.sellerId, tenantOf(store.sellerId), store.sellerPath, 'test')
  for (const [name, caller] of [
    ['Baltic', baltic],
    ['Outsider', outsider],
  ] as const) {
    const tenant = await createSeller(database.db, app.clock, actor, {
      parentId: tenantOf(store.sellerId),
      name,
      currency: 'EUR',
    })
    if (name === 'Baltic') below = tenant.id
    const email = `${name.toLowerCase()}@example.com`
    await createUser(database.db, app.clock, actor, {
      tenantId: tenant.id,
      email,
      password: 'demonstration',
      roles: ['partner_admin'],
    })
    await caller.send('POST', '/api/v1/sessions', { email, password: 'demonstration' }, { host: '127.0.0.1:8080' })
  }
})

interface Resold {
  plan: { id: string }
  sold: boolean
  decides: boolean
  markup_percent: string
  prices: { key: string; net_cost: string; price: string; below_cost: boolean }[]
}
const resaleOf = async (caller: typeof northwind, query = ''): Promise<Resold[]> => {
  const { status, body, text } = await caller.send('GET', `/api/v1/resale${query}`)
  assert.equal(status, 200, text)
  return body['items'] as unknown as Resold[]
}

test('who sells above sees what a reseller could sell; the reseller only what it may', async () => {
  const offered = await resaleOf(northwind, `?seller_id=${below}`)
  assert.deepEqual(
    offered.map(({ plan, sold, decides }) => [plan.id, sold, decides]),
    [
      ['425', false, true],
      ['569', false, true],
      ['426', false, true],
    ],
  )
  assert.deepEqual(await resaleOf(baltic), [])
  assert.equal((await baltic.send('GET', `/api/v1/plans/425/delegations/${below}`)).status, 404)
  await northwind.send('PUT', `/api/v1/plans/425/delegations/${below}`, { exchange_rate: '0.92' })
  await baltic.send('PUT', `/api/v1/plans/425/delegations/${below}`, { markup_percent: '10' })
  const [plan] = await resaleOf(baltic)
  assert.deepEqual([plan?.sold, plan?.decides, plan?.markup_percent], [true, false, '10'])
  assert.deepEqual(
    plan?.prices.find(({ key }) => key === 'period:1840:recurring'),
    {
      key: 'period:1840:recurring',
      item_id: '1840',
      fee: 'recurring',
      net_cost: '45.08',
      computed: '49.59',
      price: '49.59',
      fixed: false,
      below_cost: false,
    },
  )
})

test('a price below net cost is told of, or refused where the reseller or who sells to it has set that', async () => {
  const path = `/api/v1/plans/425/delegations/${below}`
  const cheap = { fixed_prices: { 'period:1840:recurring': '45.00' } }
  assert.equal((await baltic.send('PUT', path, cheap)).status, 200)
  const [told] = await resaleOf(baltic)
  assert.ok(told?.prices.find(({ key }) => key === 'period:1840:recurring')?.below_cost)
  const setting = await northwind.send('PATCH', '/api/v1/price-list', { below_cost: 'refuse' })
  assert.equal(setting.body['below_cost'], 'refuse')
  const refused = await baltic.send('PUT', path, { fixed_prices: { 'period:1840:recurring': '44.00' } })
  assert.equal(refused.status, 422)
  assert.deepEqual(
    (refused.body['errors'] as unknown as { path: string; code: string }[]).map((each) => [each.path, each.code]),
    [['fixed_prices.period:1840:recurring', 'below_cost']],
  )
  assert.equal((await baltic.send('PUT', path, { fixed_prices: { 'period:1840:recurring': '46.00' } })).status, 200)
  const byRate = await northwind.send('PUT', path, { exchange_rate: '1.1' })
  assert.equal(byRate.status, 422, 'another rate of exchange would make the fixed price one below cost')
  await northwind.send('PATCH', '/api/v1/price-list', { below_cost: 'warn' })
})

test('nobody else sees any of it', async () => {
  assert.equal((await outsider.send('GET', `/api/v1/resale?seller_id=${below}`)).status, 404)
  assert.equal((await outsider.send('GET', `/api/v1/plans/425/delegations/${below}`)).status, 404)
  assert.equal(
    (await outsider.send('PATCH', '/api/v1/price-list', { below_cost: 'refuse', seller_id: below })).status,
    404,
  )
  assert.deepEqual(await resaleOf(outsider), [])
})
