import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { freePort, startServer, demonstrationDataDir } from '../../test/harness/server.ts'
import { PEOPLE, signIn, until, type Visitor } from '../../test/harness/visitor.ts'

interface Delivery {
  readonly id: string
  readonly status: string
  readonly tries: readonly unknown[]
}

const folder = mkdtempSync(join(tmpdir(), 'webhook-receiver-'))
const file = join(folder, 'webhooks.jsonl')
const port = await freePort()
const url = `http://127.0.0.1:${port}/`
let receiver: ChildProcess | undefined
let staff: Visitor
let webhook: { readonly id: string; readonly secret: string }

async function start(secret: string): Promise<void> {
  const env = { PATH: process.env['PATH'], WEBHOOK_SECRET: secret, PORT: String(port), FILE: file }
  const args = [join(import.meta.dirname, 'main.ts')]
  receiver = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  if (receiver.stdout) await once(receiver.stdout, 'data')
}

async function end(): Promise<void> {
  if (!receiver || receiver.exitCode !== null || receiver.signalCode !== null) return
  receiver.kill('SIGKILL')
  await once(receiver, 'exit')
}

before(async () => {
  const server = await startServer({ dataDir: await demonstrationDataDir(), env: { BUYLINK_ALLOW_INTERNAL: '1' } })
  staff = await signIn(server.origin, PEOPLE.reseller)
  webhook = await staff.call('POST', '/api/v1/webhooks', { url, event_types: ['manager.*'] })
  await start(webhook.secret)
})
after(async () => {
  await end()
  rmSync(folder, { recursive: true, force: true })
})

/** The lines that are whole. */
const taken = () =>
  (existsSync(file) ? readFileSync(file, 'utf8') : '')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as { id: string; type: string; subject: { id: string } })
const subjects = () => taken().map(({ type, subject }) => `${type} ${subject.id}`)

async function hire(name: string): Promise<string> {
  const { id } = await staff.call<{ id: string }>('POST', '/api/v1/managers', { name, role: 'sales' })
  return `manager.created ${id}`
}

/** The newest delivery, once the receiver has answered it as often as is said. */
const delivered = async (tries: number) => {
  const read = async () => {
    await sleep(100)
    const { items } = await staff.call<{ items: Delivery[] }>('GET', `/api/v1/deliveries?webhook_id=${webhook.id}`)
    return items[0] && staff.call<Delivery>('GET', `/api/v1/deliveries/${items[0].id}`)
  }
  const is = (delivery?: Delivery) => delivery?.status === 'delivered' && delivery.tries.length === tries
  const delivery = await until(read, is, { timeoutMs: 60_000, what: `delivery in ${tries}` })
  assert.ok(delivery)
  return delivery
}

test('a message is taken once, also when it comes again after the receiver was killed', async () => {
  const hired = await hire('Ada')
  const { id } = await delivered(1)
  assert.deepEqual(subjects(), [hired])
  await end()
  // As a power cut leaves it.
  appendFileSync(file, '{"id":"half')
  await start(webhook.secret)
  await staff.call('POST', `/api/v1/deliveries/${id}/replay`)
  await delivered(2)
  assert.deepEqual(subjects(), [hired])
})

test('while a secret is being replaced, who has the old one and who has the new one takes messages', async () => {
  const { secret } = await staff.call<{ secret: string }>('POST', `/api/v1/webhooks/${webhook.id}/rotate-secret`, {})
  assert.notEqual(secret, webhook.secret)
  const before = taken().length
  const hired = [await hire('Bob')]
  await until(
    async () => taken().length,
    (length) => length === before + 1,
    { timeoutMs: 60_000 },
  )
  await end()
  await start(secret)
  hired.push(await hire('Cleo'))
  await until(
    async () => taken().length,
    (length) => length === before + 2,
    { timeoutMs: 60_000 },
  )
  assert.deepEqual(subjects().slice(before), hired)
  webhook = { ...webhook, secret }
})

test('what is forged, altered, old or too long is refused and not noted', async () => {
  const before = taken().length
  const signer = new Webhook(webhook.secret)
  const body = JSON.stringify({ type: 'manager.created', data: {}, subject: { kind: 'manager', id: 'x' } })
  const send = async (id: string, at: Date, text: string, signature = signer.sign(id, at, body)) => {
    const timestamp = String(Math.floor(at.getTime() / 1000))
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature }
    return (await fetch(url, { method: 'POST', headers, body: text })).status
  }
  const now = new Date()
  assert.equal(await send('a', now, body, ''), 401)
  assert.equal(await send('a', now, body, `v1,${Buffer.alloc(32).toString('base64')}`), 401)
  assert.equal(await send('a', now, body.replace('"x"', '"y"')), 401)
  assert.equal(await send('b', now, body, signer.sign('a', now, body)), 401)
  assert.equal(await send('a', new Date(now.getTime() - 10 * 60_000), body), 401)
  assert.equal(await send('a', now, 'x'.repeat(1_000_001)), 413)
  assert.equal((await fetch(url)).status, 405)
  assert.equal(taken().length, before)
  // What it does take, from whoever knows the secret; two copies at once.
  assert.deepEqual(await Promise.all([send('c', now, body), send('c', now, body)]), [204, 204])
  assert.equal(taken().length, before + 1)
})
