import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { testDatabase } from '../../test/harness/database.ts'
import { openReceiver } from '../../test/harness/receiver.ts'
import { until } from '../../test/harness/visitor.ts'
import { openWebhooks } from '../../test/harness/webhooks.ts'
import { newId } from '../kernel/ids.ts'
import { createOutboundGuard } from '../platform/outbound/guard.ts'
import { replayDelivery } from './replay.ts'
import { changeEndpoint, createEndpoint, getEndpoint } from './save-endpoint.ts'
import { createWebhookSender } from './webhook-sender.ts'

const stage = await openWebhooks(await testDatabase())
const { db, pool, clock, deps, sender, jobs, settings, add, happen, drain, logOf, subjects } = stage
const sellers = { upper: stage.upper }

test('row 55: an event arrives once, signed as the reference library checks it', async () => {
  const receiver = await openReceiver()
  const { secret, endpoint } = await add(receiver)
  const account = await happen(newId())
  await drain()
  const [message] = receiver.received
  assert.ok(message)
  assert.equal(receiver.received.length, 1)
  const verified = new Webhook(secret).verify(message.text, message.headers as Record<string, string>)
  assert.deepEqual(verified, message.body)
  assert.equal(message.body.type, 'account.updated')
  assert.deepEqual(message.body.data, { account_id: account })
  assert.match(String(message.headers['user-agent']), /^Buylink/)
  const [delivery] = await logOf(sellers.upper.actor, endpoint.id)
  assert.equal(delivery?.id, message.id)
  assert.equal(delivery?.status, 'delivered')
  assert.equal(delivery?.lastStatus, 204)
})

test('row 54: a receiver that is down for a while gets everything, once, in order for each subject', async () => {
  const receiver = await openReceiver()
  const { endpoint } = await add(receiver)
  await receiver.down()
  const [one, other] = [newId(), newId()]
  for (let turn = 0; turn < 3; turn++) for (const id of [one, other]) await happen(id)
  await drain()
  const waiting = await logOf(sellers.upper.actor, endpoint.id)
  assert.equal(waiting.length, 6)
  assert.deepEqual([...new Set(waiting.map(({ status }) => status))], ['waiting'])
  assert.equal(waiting.filter(({ attempts }) => attempts > 0).length, 2, 'the first of each subject was tried')
  assert.match(waiting.find(({ attempts }) => attempts > 0)?.lastError ?? '', /ECONNREFUSED/)
  await receiver.up()
  clock.advance(60_000)
  await drain()
  assert.equal(new Set(receiver.received.map(({ id }) => id)).size, 6)
  for (const id of [one, other]) {
    const own = receiver.received.filter(({ body }) => body.data['account_id'] === id)
    assert.equal(own.length, 3)
    const order = own.map(({ body }) => body.event_id)
    assert.deepEqual(order, order.toSorted())
  }
})

test('row 54: one that is refused blocks neither other subjects nor other endpoints', async () => {
  const receiver = await openReceiver()
  const healthy = await openReceiver()
  await add(receiver)
  await add(healthy)
  const bad = newId<string>()
  receiver.answer = (response, { body }) => response.writeHead(body.data['account_id'] === bad ? 500 : 200).end()
  const good = newId<string>()
  for (const id of [bad, good, bad, good]) await happen(id)
  await drain()
  assert.deepEqual(subjects(receiver).toSorted(), [bad, good, good].toSorted(), 'the second of the bad one waits')
  assert.equal(healthy.received.length, 4)
})

test('row 54: answers 500 for three days: tried with growing waits, then given up, then replayed by hand with the same id', async () => {
  const receiver = await openReceiver()
  const { endpoint } = await add(receiver)
  receiver.answer = 500
  await happen(newId())
  await drain()
  const begun = clock.now().getTime()
  for (let hours = 0; hours < 80; hours++) {
    clock.advance(3_600_000)
    await sender.drain()
  }
  const [delivery] = await logOf(sellers.upper.actor, endpoint.id)
  assert.equal(delivery?.status, 'failed')
  assert.equal(delivery?.lastStatus, 500)
  assert.ok((delivery?.finishedAt?.getTime() ?? 0) - begun >= 3 * 24 * 3_600_000)
  assert.equal(receiver.received.length, delivery?.attempts)
  assert.equal(new Set(receiver.received.map(({ id }) => id)).size, 1)
  receiver.answer = 200
  await replayDelivery(db, clock, sellers.upper.actor, delivery?.id ?? '')
  await sender.drain()
  assert.equal((await logOf(sellers.upper.actor, endpoint.id))[0]?.status, 'delivered')
  assert.equal(receiver.received.at(-1)?.id, delivery?.id)
})

test('row 56: a receiver that answers slowly is given up on in time, and holds up nobody', async () => {
  const slow = await openReceiver()
  const healthy = await openReceiver()
  const { endpoint } = await add(slow)
  await add(healthy)
  slow.answer = (response) => void sleep(5_000, undefined, { ref: false }).then(() => response.end())
  for (let count = 0; count < 20; count++) await happen(newId())
  await jobs.drain()
  const began = performance.now()
  sender.start()
  await until(
    async () => healthy.received.length,
    (count) => count === 20,
    { what: 'twenty at the healthy one' },
  )
  assert.ok(slow.received.length <= 4 * (1 + (performance.now() - began) / 300), 'at most four at a time')
  await sender.stop()
  await slow.down()
  const [tried] = (await logOf(sellers.upper.actor, endpoint.id)).filter(({ lastError }) => lastError !== null)
  assert.match(tried?.lastError ?? '', /No answer within 300 ms/)
})

test('row 56: 410 switches the webhook off, cancels what waits, and its owner is told', async () => {
  const receiver = await openReceiver()
  const { endpoint } = await add(receiver)
  receiver.answer = 500
  await happen(newId())
  await drain()
  receiver.received.length = 0
  receiver.answer = 410
  const id = newId()
  await happen(id)
  await happen(id)
  await drain()
  const off = await getEndpoint(db, sellers.upper.actor, endpoint.id)
  assert.equal(off.enabled, false)
  assert.equal(off.disabledReason, 'gone')
  assert.equal(receiver.received.length, 1)
  assert.deepEqual((await logOf(sellers.upper.actor, endpoint.id)).map(({ status }) => status).toSorted(), [
    'cancelled',
    'cancelled',
    'failed',
  ])
  const { rows } = await pool.query(`select payload from events where type = 'webhook.disabled'`)
  assert.deepEqual(rows, [{ payload: { webhook_id: endpoint.id, url: receiver.url } }])
  await happen(newId())
  await drain()
  assert.equal(receiver.received.length, 1, 'nothing is made for it any more')
})

test('an answer of 410 that comes when another server has the try already switches nothing off', async () => {
  const receiver = await openReceiver()
  const { endpoint } = await add(receiver)
  receiver.answer = (response) =>
    void pool.query('update deliveries set attempts = attempts + 1').then(() => response.writeHead(410).end())
  await happen(newId())
  await drain()
  assert.equal(receiver.received.length, 1)
  assert.equal((await getEndpoint(db, sellers.upper.actor, endpoint.id)).enabled, true)
  assert.deepEqual(
    (await logOf(sellers.upper.actor, endpoint.id)).map(({ status }) => status),
    ['waiting'],
  )
})

test('row 56: a redirect to an internal address is not followed', async () => {
  const [receiver, inside] = [await openReceiver(), await openReceiver()]
  const { endpoint } = await add(receiver)
  receiver.answer = (response) => response.writeHead(307, { location: inside.url }).end()
  await happen(newId())
  await drain()
  assert.equal(inside.received.length, 0)
  const [delivery] = await logOf(sellers.upper.actor, endpoint.id)
  assert.equal(delivery?.status, 'waiting')
  assert.match(delivery?.lastError ?? '', /redirects are not followed/)
})

test('row 56: a host whose name changes to an internal address is not called any more', async () => {
  const outside = await openReceiver()
  const inside = await openReceiver('127.0.0.2')
  const at = new Map([['hooks.example', '127.0.0.1']])
  const strict = createOutboundGuard({
    allowInternal: true,
    isAllowed: (address) => address === '127.0.0.1',
    resolve: async (host) => [{ address: at.get(host) ?? '', family: 4 }],
  })
  const strictSender = createWebhookSender({ ...deps, guard: strict })
  const url = (port: number) => `http://hooks.example:${port}/hook`
  const { endpoint } = await createEndpoint({ ...deps, guard: strict }, sellers.upper.actor, {
    ...settings,
    url: url(outside.port),
  })
  await happen(newId())
  await jobs.drain()
  await strictSender.drain()
  assert.equal(outside.received.length, 1)
  await changeEndpoint(
    { ...deps, guard: strict },
    sellers.upper.actor,
    endpoint.id,
    { url: url(inside.port) },
    undefined,
  )
  at.set('hooks.example', '127.0.0.2')
  await happen(newId())
  await jobs.drain()
  await strictSender.drain()
  assert.equal(inside.received.length, 0)
  assert.match((await logOf(sellers.upper.actor, endpoint.id))[0]?.lastError ?? '', /internal address/)
})

test('two servers hand out each try once', async () => {
  const receiver = await openReceiver()
  await add(receiver)
  const second = createWebhookSender(deps)
  for (let count = 0; count < 30; count++) await happen(newId())
  await jobs.drain()
  await Promise.all([sender.drain(), second.drain()])
  await sender.drain()
  assert.equal(receiver.received.length, 30)
  assert.equal(new Set(receiver.received.map(({ id }) => id)).size, 30)
})
