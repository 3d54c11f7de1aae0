import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { SIGN_INS } from '../demonstration/index.ts'
import type { KnownActor } from './name-actors.ts'

const app = await openApplication(await testDatabase())
const sign = async (email: string) => {
  const caller = app.caller()
  await caller.signIn(email)
  return caller
}
const [operator, reseller, customer] = [
  await sign(SIGN_INS.operator),
  await sign(SIGN_INS.reseller),
  await sign(SIGN_INS.customer),
]
type Caller = typeof operator
type Entry = { action: string; type: string; operation: string | null; actor: KnownActor }
const read = async (caller: Caller, path: string) => {
  const { status, body, text } = await caller.send('GET', path)
  assert.equal(status, 200, text)
  return body as unknown as { id: string; items: (Entry & { id: string })[]; history: Entry[] }
}
const named = ({ kind, name, above }: KnownActor) => ({ kind, name, above })

const contoso = (await read(reseller, '/api/v1/accounts?query=contoso')).items[0]!
const hold = (caller: Caller, held: boolean) =>
  caller.send('PUT', `/api/v1/accounts/${contoso.id}/hold`, { held, reason: 'Papers' })

test('a history names people of one’s own and below; who stands above is not named', async () => {
  for (const [caller, held] of [
    [operator, true],
    [reseller, false],
  ] as const)
    assert.equal((await hold(caller, held)).status, 200)
  const log = `/api/v1/audit-log?subject_kind=account&subject_id=${contoso.id}`
  const whoAs = async (caller: Caller) =>
    (await read(caller, log)).items.filter(({ action }) => /hold|release/.test(action)).map(({ actor }) => actor)
  const [released, held] = await whoAs(reseller)
  assert.deepEqual(named(released!), { kind: 'user', name: SIGN_INS.reseller, above: false })
  assert.deepEqual(held, { kind: 'user', id: null, name: null, above: true })
  assert.deepEqual(
    (await whoAs(operator)).map(({ name }) => name),
    [SIGN_INS.reseller, SIGN_INS.operator],
  )
  const csv = await reseller.send('GET', `${log.replace('?', '.csv?')}`)
  assert.ok(csv.text.includes(SIGN_INS.reseller))
  assert.ok(!csv.text.includes(SIGN_INS.operator))
})

test('orders and subscriptions say who did each step, the customer reads their own people only', async () => {
  const made = await customer.send('POST', '/api/v1/checkouts', {
    application: { plan_id: '569', plan_period_id: '2072' },
  })
  const placed = await customer.send('POST', `/api/v1/checkouts/${String(made.body['id'])}/place`, {
    expected_total: { amount: '0.00', currency: 'USD' },
    accept_terms: true,
  })
  assert.ok(placed.status < 300, placed.text)
  const order = (await read(customer, '/api/v1/orders?limit=1')).items[0]!
  const steps = async (caller: Caller) => (await read(caller, `/api/v1/orders/${order.id}`)).history
  for (const caller of [customer, reseller]) {
    const placing = (await steps(caller)).find(({ type }) => type === 'order.placed')
    assert.deepEqual(named(placing!.actor), { kind: 'user', name: SIGN_INS.customer, above: false })
  }
  const [running] = (await read(customer, '/api/v1/subscriptions?status=active')).items
  const stopped = await reseller.send('POST', `/api/v1/subscriptions/${running!.id}/stop`, {})
  assert.ok(stopped.status < 300, stopped.text)
  const stopping = async (caller: Caller) =>
    (await read(caller, `/api/v1/subscriptions/${running!.id}`)).history.find(({ operation }) => operation === 'stop')
      ?.actor
  assert.deepEqual(named((await stopping(reseller))!), { kind: 'user', name: SIGN_INS.reseller, above: false })
  assert.deepEqual(await stopping(customer), { kind: 'user', id: null, name: null, above: true })
})

test('an API client is named; a deleted one keeps its id', async () => {
  const made = await reseller.send('POST', '/api/v1/clients', { name: 'Shelf', role: 'partner_admin' })
  const { id, secret } = made.body as unknown as { id: string; secret: string }
  const token = await app.caller().send('POST', '/api/2/idp/token', 'grant_type=client_credentials', {
    authorization: `Basic ${btoa(`${id}:${secret}`)}`,
    'content-type': 'application/x-www-form-urlencoded',
  })
  const product = await app
    .caller()
    .send(
      'POST',
      '/api/v1/products',
      { name: 'Vault' },
      { authorization: `Bearer ${String(token.body['access_token'])}` },
    )
  assert.equal(product.status, 201, product.text)
  const who = async () =>
    (await read(reseller, `/api/v1/audit-log?subject_kind=product&subject_id=${String(product.body['id'])}`)).items[0]
      ?.actor
  assert.deepEqual(await who(), { kind: 'api_client', id, name: 'Shelf', above: false })
  assert.equal((await reseller.send('DELETE', `/api/v1/clients/${id}`)).status, 204)
  assert.deepEqual(await who(), { kind: 'api_client', id, name: null, above: false })
})
