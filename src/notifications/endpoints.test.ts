import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { testDatabase } from '../../test/harness/database.ts'
import { openReceiver } from '../../test/harness/receiver.ts'
import { openWebhooks } from '../../test/harness/webhooks.ts'
import { newId } from '../kernel/ids.ts'
import { createOutboundGuard } from '../platform/outbound/guard.ts'
import { replayDelivery, replaySince, testEndpoint } from './replay.ts'
import { changeEndpoint, createEndpoint, getEndpoint, removeEndpoint, rotateSecret } from './save-endpoint.ts'

const stage = await openWebhooks(await testDatabase())
const { db, pool, clock, deps, sender, settings, lower, operator, add, happen, drain, logOf, subjects } = stage
const sellers = { upper: stage.upper, other: stage.other }

test('secrets are sealed at rest', async () => {
  const { secret } = await add(await openReceiver())
  const { rows } = await pool.query<{ secret: Buffer }>('select secret from webhook_endpoints')
  assert.ok(!rows[0]?.secret.includes(secret) && !rows[0]?.secret.includes(Buffer.from(secret.slice(6), 'base64')))
})

test('internal, unencrypted and other addresses are refused when a webhook is made', async () => {
  const strict = { ...deps, guard: createOutboundGuard({ allowInternal: false }) }
  for (const url of [
    'https://127.0.0.1/hook',
    'https://localhost/hook',
    'https://2130706433/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/latest/meta-data',
    'http://example.com/',
    'ftp://example.com/',
    'https://user:secret@example.com/',
    'nonsense',
  ])
    await assert.rejects(
      createEndpoint(strict, sellers.upper.actor, { ...settings, url }),
      { code: 'invalid_request' },
      url,
    )
})

test('row 55: after a rotation both secrets sign for the overlap, then the new one alone', async () => {
  const receiver = await openReceiver()
  const first = await add(receiver)
  const second = await rotateSecret(deps, sellers.upper.actor, first.endpoint.id, 3_600_000, first.endpoint.version)
  const verifies = (secret: string) => {
    const message = receiver.received.at(-1)
    assert.ok(message)
    try {
      return Boolean(new Webhook(secret).verify(message.text, message.headers as Record<string, string>))
    } catch {
      return false
    }
  }
  await happen(newId())
  await drain()
  assert.deepEqual([verifies(first.secret), verifies(second.secret)], [true, true])
  clock.advance(3_600_001)
  await happen(newId())
  await drain()
  const { headers, text } = receiver.received.at(-1) ?? assert.fail()
  const signed = new Webhook(second.secret).sign(String(headers['webhook-id']), clock.now(), text)
  assert.equal(headers['webhook-signature'], signed, 'one signature, of the new secret')
})

test('another version than the one that was read is refused', async () => {
  const { endpoint } = await add(await openReceiver())
  await changeEndpoint(deps, sellers.upper.actor, endpoint.id, { description: 'a' }, endpoint.version)
  const late = changeEndpoint(deps, sellers.upper.actor, endpoint.id, { description: 'b' }, endpoint.version)
  await assert.rejects(late, { code: 'version_mismatch' })
})

test('only the events that were asked for come, by name or family', async () => {
  const receiver = await openReceiver()
  await add(receiver, undefined, { eventTypes: ['order.*', 'account.updated'] })
  await happen(newId(), { type: 'account.updated' })
  await happen(newId(), { type: 'account.created' })
  await happen(newId(), { type: 'order.completed' })
  await drain()
  assert.deepEqual(receiver.received.map(({ body }) => body.type).toSorted(), ['account.updated', 'order.completed'])
})

test('a reseller hears of its own events, of those below where it asks, and never of its neighbour’s', async () => {
  const [own, tree, neighbour] = [await openReceiver(), await openReceiver(), await openReceiver()]
  await add(own)
  await add(tree, undefined, { includeResellers: true })
  await add(neighbour, sellers.other.actor, { includeResellers: true })
  const [above, below] = [newId<string>(), newId<string>()]
  await happen(above)
  await happen(below, { sellerId: lower.sellerId })
  await drain()
  assert.deepEqual(subjects(own), [above])
  assert.deepEqual(subjects(tree).toSorted(), [above, below])
  assert.deepEqual(subjects(neighbour), [])
})

test('a reseller that shuts out those above it is not heard of there', async () => {
  const tree = await openReceiver()
  await add(tree, undefined, { includeResellers: true })
  await pool.query('update tenants set ancestral_access = false, access_path = path where id = $1', [lower.id])
  await happen(newId(), { sellerId: lower.sellerId })
  await drain()
  await pool.query(`update tenants set ancestral_access = true, access_path = '1' where id = $1`, [lower.id])
  assert.equal(tree.received.length, 0)
})

test('another reseller finds nothing of one’s webhooks and deliveries', async () => {
  const receiver = await openReceiver()
  const { endpoint } = await add(receiver)
  await happen(newId())
  await drain()
  const [delivery] = await logOf(sellers.upper.actor, endpoint.id)
  const stranger = sellers.other.actor
  const missing = { code: 'not_found' }
  await assert.rejects(getEndpoint(db, stranger, endpoint.id), missing)
  await assert.rejects(changeEndpoint(deps, stranger, endpoint.id, { enabled: false }, undefined), missing)
  await assert.rejects(removeEndpoint(deps, stranger, endpoint.id, undefined), missing)
  await assert.rejects(rotateSecret(deps, stranger, endpoint.id, 0, undefined), missing)
  await assert.rejects(testEndpoint(db, clock, stranger, endpoint.id), missing)
  await assert.rejects(replaySince(db, clock, stranger, endpoint.id, clock.now()), missing)
  await assert.rejects(replayDelivery(db, clock, stranger, delivery?.id ?? ''), missing)
  assert.deepEqual(await logOf(stranger, endpoint.id), [])
  assert.equal((await logOf(operator, endpoint.id)).length, 1, 'the operator sees what lies below')
})

test('row 54: a replay since an instant sends again what came, with its id, and what was missed while it was off', async () => {
  const receiver = await openReceiver()
  const { endpoint } = await add(receiver)
  const since = clock.now()
  const first = await happen(newId())
  await drain()
  await changeEndpoint(deps, sellers.upper.actor, endpoint.id, { enabled: false }, undefined)
  const missed = await happen(newId())
  await drain()
  await assert.rejects(replaySince(db, clock, sellers.upper.actor, endpoint.id, since), { code: 'conflict' })
  await changeEndpoint(deps, sellers.upper.actor, endpoint.id, { enabled: true }, undefined)
  assert.ok((await replaySince(db, clock, sellers.upper.actor, endpoint.id, since)) >= 2)
  await sender.drain()
  const ids = (subject: string) =>
    receiver.received.filter(({ body }) => body.data['account_id'] === subject).map(({ id }) => id)
  assert.equal(ids(first).length, 2)
  assert.equal(new Set(ids(first)).size, 1)
  assert.equal(ids(missed).length, 1)
})

test('row 57: a test message says that it is one', async () => {
  const receiver = await openReceiver()
  const { endpoint } = await add(receiver)
  const id = await testEndpoint(db, clock, sellers.upper.actor, endpoint.id)
  await sender.drain()
  assert.equal(receiver.received[0]?.id, id)
  assert.equal(receiver.received[0]?.body.type, 'webhook.test')
  assert.deepEqual(receiver.received[0]?.body.data, { webhook_id: endpoint.id, test: true })
})
