import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openReceiver } from '../harness/receiver.ts'
import { quiet } from '../harness/order-stories.ts'
import { addressOf, startServer, demonstrationDataDir } from '../harness/server.ts'
import { PEOPLE, signIn, until, type Visitor } from '../harness/visitor.ts'
import { WEBHOOK_CRASHES } from '../harness/webhook-crashes.ts'

const NAMES = ['Ada', 'Bob', 'Cleo', 'Dan']
const env = { BUYLINK_ALLOW_INTERNAL: '1' }

/** Adds a manager, once however often it is asked. */
const hire = (staff: Visitor, name: string) =>
  staff.call<{ id: string }>('POST', '/api/v1/managers', { name, role: 'sales' }, { 'idempotency-key': name })

for (const crash of ['relay.enqueued', ...WEBHOOK_CRASHES])
  test(`row 59: killed at ${crash}, a receiver that honours webhook-id sees nothing lost and nothing twice`, async () => {
    const receiver = await openReceiver()
    const dataDir = await demonstrationDataDir()
    const before = await startServer({ dataDir, env })
    // The demonstration's own managers are no news any more when the webhook asks for some.
    await quiet(addressOf(dataDir))
    const staff = await signIn(before.origin, PEOPLE.reseller)
    const wanted = { url: receiver.url, event_types: ['manager.created'] }
    const { id: webhookId } = await staff.call<{ id: string }>('POST', '/api/v1/webhooks', wanted)
    // What this start has to tell is told, so that the crash meets what is told below.
    await quiet(addressOf(dataDir))
    await before.stop()

    // At the same address: a demonstration that follows to another one tells of it.
    const killed = await startServer({ dataDir, port: before.port, env: { ...env, BUYLINK_CRASH_AT: crash } })
    const there = staff.at(killed.origin)
    // Whatever was under way at the end is asked for again below.
    for (const name of NAMES) await hire(there, name).catch(() => undefined)
    assert.equal((await killed.exited).signal, 'SIGKILL')

    const after = await startServer({ dataDir, env })
    const here = staff.at(after.origin)
    for (const name of NAMES) await hire(here, name)
    const { items } = await here.call<{ items: { id: string; name: string }[] }>('GET', '/api/v1/managers?limit=200')
    const managers = items.filter(({ name }) => NAMES.includes(name)).map(({ id }) => id)
    assert.equal(managers.length, NAMES.length)
    const waiting = async () => {
      // Slower than the limit of requests.
      await sleep(250)
      const { items } = await here.call<{ items: { status: string }[] }>(
        'GET',
        `/api/v1/deliveries?webhook_id=${webhookId}`,
      )
      return { items: items.map(({ status }) => ({ status })) }
    }
    await until(
      waiting,
      ({ items }) => items.length === managers.length && items.every(({ status }) => status === 'delivered'),
      { timeoutMs: 90_000, what: 'delivery of everything' },
    )
    await after.stop()

    const seen = new Map(receiver.received.map(({ id, body }) => [id, body]))
    const events = [...seen.values()].map((body) => body.event_id)
    assert.equal(new Set(events).size, events.length, 'an event has one id')
    const subjects = [...seen.values()].map((body) => (body as unknown as { subject: { id: string } }).subject.id)
    assert.deepEqual(subjects.toSorted(), managers.toSorted())
    if (crash.startsWith('webhook.answered'))
      assert.ok(receiver.received.length > seen.size, 'the copy came, with the same id')
  })
