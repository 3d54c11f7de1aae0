import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '../../test/harness/clock.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { testPrincipal, testServer } from '../../test/harness/http.ts'
import { testSeller } from '../../test/harness/sellers.ts'
import type { Principal } from '../platform/actor.ts'
import { storeRoutes } from './index.ts'

const database = await testDatabase()
const clock = fixedClock()
const [own, other] = [
  await testSeller(database.db, clock, 'own.example'),
  await testSeller(database.db, clock, 'other.example'),
]
const as = ({ actor }: typeof own): Principal =>
  testPrincipal({ ...actor, kind: 'user', scopes: new Set(['stores:read', 'stores:write']) })
let caller = as(own)
const server = await testServer(database, { routes: storeRoutes, actor: () => caller })
type Store = { id: string; version: number; domains: string[]; name: string; status: string }
const path = `/api/v1/stores/${own.storeId}`

test('domains are written as one list, the canonical one first', async () => {
  const patch = async (domains: string[], headers = {}) => server.request('PATCH', path, { body: { domains }, headers })
  const first = await patch(['https://own.example', 'https://www.own.example:8443'])
  assert.deepEqual((first.body as unknown as Store).domains, ['https://own.example', 'https://www.own.example:8443'])
  const turned = await patch(['https://www.own.example:8443', 'https://own.example'])
  assert.deepEqual((turned.body as unknown as Store).domains, ['https://www.own.example:8443', 'https://own.example'])
  const less = await patch(['https://own.example'])
  assert.deepEqual((less.body as unknown as Store).domains, ['https://own.example'])
  for (const [domains, status] of [
    [[], 422],
    [['own.example'], 422],
    [['https://own.example/shop'], 422],
    [['https://own.example', 'http://own.example'], 422],
    [['https://own.example', 'https://other.example'], 409],
  ] as const) {
    const refused = await patch([...domains])
    assert.equal(refused.status, status, refused.text)
  }
  assert.deepEqual(((await server.request('GET', path)).body as unknown as Store).domains, ['https://own.example'])
})

test('a change is refused when someone else was quicker', async () => {
  const { version } = (await server.request('GET', path)).body as unknown as Store
  const change = (name: string) =>
    server.request('PATCH', path, { body: { name }, headers: { 'if-match': `"${version}"` } })
  const statuses = (await Promise.all([change('One'), change('Two')])).map(({ status }) => status)
  assert.deepEqual(statuses.sort(), [200, 412])
})

test('a second store opens at a domain of its own', async () => {
  const open = (domains: string[]) => server.request('POST', '/api/v1/stores', { body: { name: 'Second', domains } })
  assert.equal((await open([])).status, 422)
  assert.equal((await open(['https://own.example'])).status, 409)
  const opened = await open(['https://second.example'])
  assert.equal(opened.status, 201, opened.text)
  const { items } = (await server.request('GET', '/api/v1/stores')).body as unknown as { items: Store[] }
  assert.equal(items.length, 2)
})

test('another reseller’s store is not there', async () => {
  caller = as(other)
  for (const [method, address, body] of [
    ['GET', path, undefined],
    ['PATCH', path, { name: 'Mine' }],
    ['PUT', `${path}/pages`, { pages: [] }],
    ['GET', `/api/v1/stores?seller_id=${own.tenant.id}`, undefined],
    ['POST', '/api/v1/stores', { name: 'Mine', domains: ['https://x.example'], seller_id: own.tenant.id }],
  ] as const)
    assert.equal((await server.request(method, address, { body })).status, 404, `${method} ${address}`)
  const { items } = (await server.request('GET', '/api/v1/stores')).body as unknown as { items: Store[] }
  assert.deepEqual(
    items.map(({ name }) => name),
    ['other.example'],
  )
  caller = as(own)
})
