import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startServer, demonstrationDataDir } from '../../test/harness/server.ts'
import {
  approve,
  checkOut,
  createVisitor,
  LINKS,
  PEOPLE,
  place,
  type PlacedOrder,
  register,
  signIn,
  until,
  untilCompleted,
  type Visitor,
} from '../../test/harness/visitor.ts'
import { createSampleService } from './service.ts'

const directory = mkdtempSync(join(tmpdir(), 'sample-service-'))
const seen: { id: string; operation: string }[] = []
let trouble: (operation: string) => Promise<number | undefined> = async () => undefined
let answers: 'now' | 'later' = 'now'
let staff: Visitor
let customer: Visitor
let origin: string
let closing: () => void = () => undefined
let relay: Awaited<ReturnType<typeof startSample>> | undefined

async function startSample(secret: string) {
  const make = (way: 'now' | 'later') =>
    createSampleService({
      secret,
      directory,
      answers: way,
      trouble: async (request) => {
        seen.push(request)
        return trouble(request.operation)
      },
    })
  const servers = { now: make('now').listen(0), later: make('later').listen(0) }
  const portOf = (way: 'now' | 'later') => (servers[way].address() as AddressInfo).port
  return { portOf, close: () => Object.values(servers).forEach((server) => server.close()) }
}

before(async () => {
  const server = await startServer({ dataDir: await demonstrationDataDir(), env: { BUYLINK_ALLOW_INTERNAL: '1' } })
  origin = server.origin
  staff = await signIn(origin, PEOPLE.reseller)
  const { secret } = await staff.call<{ secret: string }>('POST', '/api/v1/connectors', {
    name: 'sample',
    url: 'http://127.0.0.1:1/',
  })
  relay = await startSample(secret)
  closing = relay.close
  await answerBy('now')
  await staff.call('PATCH', '/api/v1/plans/425', { connector: 'sample' })
  customer = createVisitor(origin)
  await register(customer, await signIn(origin, PEOPLE.operator), 'grace@moreau.example')
})
after(() => {
  closing()
  rmSync(directory, { recursive: true, force: true })
})

async function answerBy(way: 'now' | 'later'): Promise<void> {
  answers = way
  const { secret } = await staff.call<{ secret: string | null }>('POST', '/api/v1/connectors', {
    name: 'sample',
    url: `http://127.0.0.1:${relay?.portOf(answers)}/`,
  })
  assert.equal(secret, null)
}

async function order(): Promise<PlacedOrder> {
  const placed = await place(customer, await checkOut(customer, LINKS.monthly))
  await approve(staff, placed)
  return placed
}

const page = async ({ subscription }: PlacedOrder): Promise<string> =>
  (await fetch(`http://127.0.0.1:${relay?.portOf('now')}/${subscription.id}`)).text()
const operate = (id: string, what: string) => staff.call('POST', `/api/v1/subscriptions/${id}/${what}`, {})
const untilStatus = (id: string, wanted: string) =>
  until(
    () => customer.call<{ status: string }>('GET', `/api/v1/subscriptions/${id}`),
    ({ status }) => status === wanted,
    { what: wanted },
  )

test('a page comes with the subscription, changes with it, is closed, opened again', async () => {
  const placed = await order()
  await untilCompleted(customer, placed)
  const { id } = placed.subscription
  assert.match(await page(placed), /Running.*storage: 5/)
  const draft = await customer.call<{ id: string; total: unknown; change: { recurring: unknown } }>(
    'POST',
    '/api/v1/checkouts',
    {
      subscription_id: id,
      resources: [{ id: '9001', quantity: '8' }],
    },
  )
  const change = await customer.call<PlacedOrder>('POST', `/api/v1/checkouts/${draft.id}/place`, {
    expected_total: draft.total,
    accept_recurring: draft.change.recurring,
    accept_terms: true,
  })
  await approve(staff, change)
  await untilCompleted(customer, change)
  assert.match(await page(placed), /Running.*storage: 8/)
  await operate(id, 'stop')
  await untilStatus(id, 'stopped')
  assert.match(await page(placed), /Closed/)
  await operate(id, 'resume')
  await untilStatus(id, 'active')
  assert.match(await page(placed), /Running/)
})

test('a service that is slow or fails is asked again under the same id, until it is done', async () => {
  seen.length = 0
  let failures = 0
  trouble = async () => {
    await sleep(300)
    return ++failures <= 1 ? 503 : undefined
  }
  const placed = await order()
  await untilCompleted(customer, placed)
  trouble = async () => undefined
  assert.equal(seen.length, 2)
  assert.equal(new Set(seen.map(({ id }) => id)).size, 1)
  assert.match(await page(placed), /Running/)
})

test('what it refuses is for a person to look at, and can be retried', async () => {
  trouble = async () => 409
  const placed = await order()
  const failed = await until(
    () => staff.call<{ status: string; provisioning: { last_error: string } }>('GET', `/api/v1/orders/${placed.id}`),
    ({ status }) => status === 'provisioning_failed',
    { what: 'failed order' },
  )
  assert.equal(failed.provisioning.last_error, 'No room left.')
  trouble = async () => undefined
  await staff.call('POST', `/api/v1/orders/${placed.id}/retry`, {})
  await untilCompleted(customer, placed)
})

test('one that answers later is waited for; its answer counts once, and a forged one not at all', async () => {
  await answerBy('later')
  const placed = await order()
  await untilCompleted(customer, placed)
  assert.match(await page(placed), /Running/)
  const forged = await customer.request('POST', `/api/v1/provisioning-tasks/${placed.id}/${placed.id}/result`, {
    token: 'guessed',
    status: 'done',
  })
  assert.equal(forged.status, 404)
  assert.ok(readdirSync(directory).length > 0)
})
