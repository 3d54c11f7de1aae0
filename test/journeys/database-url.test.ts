import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmbeddedPostgres } from '../../src/platform/postgres/embedded.ts'
import { emptyDatabase } from '../harness/database.ts'
import { FINISHED, tellStories } from '../harness/order-stories.ts'
import { refused, startServer, temporaryDataDir, welcomeOf } from '../harness/server.ts'
import {
  approve,
  checkOut,
  createVisitor,
  LINKS,
  PEOPLE,
  place,
  register,
  signIn,
  untilCompleted,
} from '../harness/visitor.ts'

const EXTERNAL = { BUYLINK_SECRET: 'a secret of the tests, long enough', HOST: '127.0.0.1' }

test('with DATABASE_URL it needs a secret, loads no demonstration, and tells its first sign-in once', async () => {
  const DATABASE_URL = await emptyDatabase()
  assert.match(await refused({ env: { DATABASE_URL } }), /^BUYLINK_SECRET must be set with DATABASE_URL.*\n$/)

  const env = { ...EXTERNAL, DATABASE_URL }
  const first = await startServer({ env })
  const told = await welcomeOf(first)
  const [, email = '', password = ''] = /First administrator.*\n\n {2}(\S+) {2}(\S+)\n/.exec(told) ?? []
  assert.match(told, /BUYLINK_CLIENT_ID=\S+\n {2}BUYLINK_CLIENT_SECRET=\S+\n/)
  assert.doesNotMatch(told, /northwind|plan_id/)
  const administrator = await signIn(first.origin, email, password)
  const { items } = await administrator.call<{ items: unknown[] }>('GET', '/api/v1/orders')
  assert.deepEqual(items, [])
  await first.stop()

  const second = await startServer({ env })
  assert.doesNotMatch(await welcomeOf(second), /First administrator|CLIENT_SECRET/)
  await administrator.at(second.origin).call('GET', '/api/v1/orders')
  await second.stop()
})

test('two servers that start at once on an empty database share it: one order, approved on both, settled once', async () => {
  const env = { ...EXTERNAL, DATABASE_URL: await emptyDatabase(), BUYLINK_DEMO: '1' }
  const [one, other] = await Promise.all([startServer({ env }), startServer({ env })])
  assert.equal(
    [await welcomeOf(one), await welcomeOf(other)].filter((told) => told.includes('CLIENT_SECRET')).length,
    1,
  )

  const operator = await signIn(one.origin, PEOPLE.operator)
  const staff = await signIn(other.origin, PEOPLE.reseller)
  const customer = createVisitor(one.origin)
  await register(customer, operator, 'both@moreau.example')
  const checkout = await checkOut(customer, LINKS.monthly)
  const placed = await Promise.all(
    Array.from({ length: 20 }, (_, index) => place(index % 2 ? customer : customer.at(other.origin), checkout)),
  )
  const [order] = placed
  assert.ok(order)
  for (const again of placed) assert.deepEqual(again, order)
  await Promise.all(Array.from({ length: 10 }, (_, index) => approve(index % 2 ? staff : staff.at(one.origin), order)))
  await untilCompleted(customer, order)
  const { orders, strays } = await tellStories(env.DATABASE_URL)
  assert.equal(orders.size, 2)
  assert.deepEqual(orders.get(order.id), FINISHED)
  assert.equal(strays, 0)

  // One is killed in the middle of a job; the other takes it up.
  await one.kill()
  const dying = await startServer({ env: { ...env, BUYLINK_CRASH_AT: 'provisioning.connector_answered' } })
  const second = await place(customer.at(other.origin), await checkOut(customer.at(other.origin), LINKS.monthly))
  // Whoever is quicker works off the job: until it was the one that dies.
  let last = second
  for (let exit: unknown; !exit; exit = await Promise.race([dying.exited, sleep(500)])) {
    last = await place(customer.at(other.origin), await checkOut(customer.at(other.origin), LINKS.monthly))
    await approve(staff, last)
  }
  await approve(staff, second)
  await untilCompleted(customer.at(other.origin), last)
  await untilCompleted(customer.at(other.origin), second)
  for (const story of (await tellStories(env.DATABASE_URL)).orders.values()) assert.deepEqual(story, FINISHED)
  assert.deepEqual(await other.stop(), { status: 0, signal: null })
})

test('a database that restarts is waited for, and work goes on', async () => {
  const folder = await temporaryDataDir()
  const silent = { info: () => undefined, warn: () => undefined }
  let database = await startEmbeddedPostgres({ dataDir: folder, log: silent })
  const env = { ...EXTERNAL, DATABASE_URL: database.connectionString, BUYLINK_DEMO: '1' }
  const server = await startServer({ env })
  const operator = await signIn(server.origin, PEOPLE.operator)
  const staff = await signIn(server.origin, PEOPLE.reseller)
  const customer = createVisitor(server.origin)
  await register(customer, operator, 'patient@moreau.example')
  const order = await place(customer, await checkOut(customer, LINKS.monthly))

  await database.stop()
  assert.equal((await customer.request('GET', `/api/v1/orders/${order.id}`)).status, 503)
  assert.equal((await fetch(`${server.origin}/readyz`)).status, 503)
  assert.equal((await fetch(`${server.origin}/healthz`)).status, 200)
  database = await startEmbeddedPostgres({ dataDir: folder, log: silent })
  await approve(staff, order)
  await untilCompleted(customer, order)
  assert.deepEqual((await tellStories(env.DATABASE_URL)).orders.get(order.id), FINISHED)
  assert.deepEqual(await server.stop(), { status: 0, signal: null })
  await database.stop()
})
