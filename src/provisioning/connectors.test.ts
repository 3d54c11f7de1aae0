import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Caller, openApplication, SECRET, type TestApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { openReceiver, type Received } from '../../test/harness/receiver.ts'
import { SIGN_INS } from '../demonstration/index.ts'
import { type CorrelationId, newId, type SellerId, type SubscriptionId } from '../kernel/ids.ts'
import { transaction } from '../platform/db.ts'
import { webhookHeaders } from '../platform/webhooks/sign.ts'
import { failLateTasks } from './fail-late-tasks.ts'
import { MAX_ATTEMPTS, provision } from './provision.ts'
import { insertTask } from './store.ts'
import { createCallbackTokens } from './webhook-connector.ts'

const database = await testDatabase()
const { pool } = database
const receiver = await openReceiver()
const callbacks = createCallbackTokens(SECRET)
const MINUTE_MS = 60_000
let app: TestApplication
let reseller: Caller
let secret = ''
let about: { sellerId: SellerId; subscriptionId: SubscriptionId; tenantId: string }

async function ask<Body>(method: string, path: string, body?: unknown, by = reseller): Promise<Body> {
  const answer = await by.send(method, path, body)
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`)
  return answer.body as unknown as Body
}
const save = (name: string, more: object = {}) =>
  ask<{ secret: string | null }>('POST', '/api/v1/connectors', { name, url: receiver.url, ...more })

before(async () => {
  app = await openApplication(database)
  reseller = app.caller()
  await reseller.signIn(SIGN_INS.reseller)
  const { rows } = await pool.query(
    `select s.seller_id as "sellerId", s.id as "subscriptionId", s.tenant_id as "tenantId" from subscriptions s
       join tenants t on t.id = s.account_id where t.name = 'Contoso Dental' limit 1`,
  )
  about = rows[0]
  secret = (await save('remote', { deadline_minutes: 30 })).secret ?? ''
})

/** Something the service is asked to do, which no queue carries: each try is made here. */
async function task(connector = 'remote'): Promise<string> {
  const id = newId<string>()
  const { tenantId, ...rest } = about
  const request = { revision: '1', tenant_id: tenantId, plan_id: '425', resources: [] }
  const whole = { ...rest, id, orderId: null, connector, operation: 'stop', request } as const
  await transaction(app.parts.db, (tx) =>
    insertTask(tx, { ...whole, correlationId: newId<CorrelationId>(), at: app.clock.now() }),
  )
  receiver.received.length = 0
  return id
}
const attempt = (id: string) => provision(app.parts.db, app.clock, app.parts.connectors, about.sellerId, id)
interface Request {
  readonly id: string
  readonly status: string
  readonly attempts: number
  readonly message: string | null
  readonly deadline_at: string | null
}
interface Connector {
  readonly secret: string | null
  readonly plans: readonly string[]
  readonly subscriptions: number
  readonly requests: readonly Request[]
}
const read = (name = 'remote') => ask<Connector>('GET', `/api/v1/connectors/${name}`)
const requestOf = async (id: string): Promise<readonly [string, number, string | null]> => {
  const found = (await read()).requests.find((request) => request.id === id)
  assert.ok(found)
  return [found.status, found.attempts, found.message]
}
const tell = (id: string, status: 'done' | 'refused', token = callbacks.tokenOf(about.sellerId, id)) =>
  app.caller().send('POST', `/api/v1/provisioning-tasks/${about.sellerId}/${id}/result`, { token, status })

test('the secret is told when it is new, once; what is sent is signed with it', async () => {
  assert.match(secret, /^whsec_/)
  assert.deepEqual([(await read()).secret, (await save('remote', { deadline_minutes: 30 })).secret], [null, null])
  receiver.answer = 204
  receiver.received.length = 0
  const answer = await ask<{ is_answered: boolean; status: number }>('POST', '/api/v1/connectors/remote/test', {})
  assert.deepEqual([answer.is_answered, answer.status], [true, 204])
  const [sent] = receiver.received
  assert.equal(sent?.body.type, 'connector.test')
  assert.equal(signedWith(secret, sent), true)
  assert.equal(signedWith(`${secret.slice(0, -4)}AAA=`, sent), false)
  const fresh = await save('remote', { deadline_minutes: 30, new_secret: true })
  await ask('POST', '/api/v1/connectors/remote/test', {})
  assert.equal(signedWith(fresh.secret ?? '', receiver.received.at(-1)), true)
})

function signedWith(key: string, sent: Received | undefined): boolean {
  assert.ok(sent)
  const at = new Date(Number(sent.headers['webhook-timestamp']) * 1000)
  const headers = webhookHeaders({ id: sent.id, at, body: sent.text, secrets: [key] })
  return headers['webhook-signature'] === sent.headers['webhook-signature']
}

test('a service that refuses, or is not there, is told as that', async () => {
  receiver.answer = 401
  const refused = await ask<{ is_answered: boolean; message: string }>('POST', '/api/v1/connectors/remote/test', {})
  assert.deepEqual([refused.is_answered, /signing secret/.test(refused.message)], [false, true])
  await save('nobody', { url: 'http://127.0.0.1:9/' })
  const silent = await ask<{ is_answered: boolean; status: null }>('POST', '/api/v1/connectors/nobody/test', {})
  assert.deepEqual([silent.is_answered, silent.status], [false, null])
})

test('one that fails is asked again under the same id, later each time, and in the end a person decides', async () => {
  receiver.answer = 503
  const id = await task()
  for (let tries = 1; tries < MAX_ATTEMPTS; tries++) {
    // Thrown on to the queue, which waits longer with each try.
    await assert.rejects(attempt(id), /answered 503/)
    assert.deepEqual(await requestOf(id), ['pending', tries, 'The service answered 503'])
  }
  await attempt(id)
  const gaveUp = `Given up after ${MAX_ATTEMPTS} attempts: The service answered 503`
  assert.deepEqual(await requestOf(id), ['failed', MAX_ATTEMPTS, gaveUp])
  assert.deepEqual(
    [receiver.received.length, new Set(receiver.received.map((sent) => sent.id)).size],
    [MAX_ATTEMPTS, 1],
  )
  assert.equal(receiver.received[0]?.id, `prov_${id}`)
  await attempt(id)
  assert.equal(receiver.received.length, MAX_ATTEMPTS)
})

test('one that answers later is believed once, by its token alone, until its deadline', async () => {
  receiver.answer = 202
  const [id, late, other] = [await task(), await task(), await task()]
  for (const each of [id, late]) await attempt(each)
  assert.deepEqual(await requestOf(id), ['pending', 1, null])
  const deadline = (await read()).requests.find((request) => request.id === id)?.deadline_at
  assert.equal(Date.parse(deadline ?? ''), app.clock.now().getTime() + 30 * MINUTE_MS)

  for (const token of ['guessed', '', callbacks.tokenOf(about.sellerId, other)])
    assert.equal((await tell(id, 'done', token)).status, 404)
  assert.deepEqual(await requestOf(id), ['pending', 1, null])
  const answers = await Promise.all([tell(id, 'done'), tell(id, 'done'), tell(id, 'done')])
  assert.deepEqual(new Set(answers.map(({ text }) => text)), new Set(['{"status":"done"}']))
  assert.equal((await tell(id, 'refused')).text, '{"status":"done"}')
  const told = await pool.query(
    `select count(*)::int as n from events where type = 'provisioning.completed' and payload->>'task_id' = $1`,
    [id],
  )
  assert.equal(told.rows[0].n, 1)

  app.clock.advance(30 * MINUTE_MS - 1)
  await failLateTasks(app.parts.db, app.clock)
  assert.deepEqual(await requestOf(late), ['pending', 1, null])
  app.clock.advance(1)
  await failLateTasks(app.parts.db, app.clock)
  assert.deepEqual(await requestOf(late), ['failed', 1, 'The service did not answer in time.'])
  assert.equal((await tell(late, 'done')).text, '{"status":"failed"}')
  assert.deepEqual(await requestOf(late), ['failed', 1, 'The service did not answer in time.'])
})

test('a service is removed once nothing names it, and not before', async () => {
  await save('used')
  await ask('PATCH', '/api/v1/plans/425', { connector: 'used' })
  const refused = await reseller.send('DELETE', '/api/v1/connectors/used')
  assert.deepEqual([refused.status, /“Backup Business”/.test(refused.text)], [409, true])
  assert.deepEqual((await read('used')).plans, ['Backup Business'])
  await ask('PATCH', '/api/v1/plans/425', { connector: 'builtin' })
  await pool.query(`update subscriptions set connector = 'used' where id = $1`, [about.subscriptionId])
  const serving = await reseller.send('DELETE', '/api/v1/connectors/used')
  assert.deepEqual([serving.status, /1 subscription/.test(serving.text)], [409, true])
  await pool.query(`update subscriptions set connector = 'builtin' where id = $1`, [about.subscriptionId])
  assert.equal((await reseller.send('DELETE', '/api/v1/connectors/used')).status, 204)
  assert.equal((await reseller.send('DELETE', '/api/v1/connectors/used')).status, 404)
})

test('who is another reseller sees, asks and removes nothing of it', async () => {
  const operator = app.caller()
  await operator.signIn(SIGN_INS.operator)
  for (const [method, path] of [
    ['GET', '/api/v1/connectors/remote'],
    ['POST', '/api/v1/connectors/remote/test'],
    ['DELETE', '/api/v1/connectors/remote'],
  ] as const)
    assert.equal((await operator.send(method, path, method === 'POST' ? {} : undefined)).status, 404, path)
  assert.equal((await read()).secret, null)
})
