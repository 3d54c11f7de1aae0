import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { waitUntil } from '../../src/platform/postgres/processes.ts'
import { BOOK_CRASHES } from '../harness/killed-at.ts'
import { INVOICE_CRASHES, OFFER_CRASHES, PLATFORM_CRASHES } from '../harness/offer-crashes.ts'
import { MONEY_CRASHES } from '../harness/money-crashes.ts'
import { REQUEST_CRASHES } from '../harness/request-crashes.ts'
import { WEBHOOK_CRASHES } from '../harness/webhook-crashes.ts'
import { FINISHED, type OrderStory, tellStories, WAITING } from '../harness/order-stories.ts'
import {
  addressOf,
  copyDataDir,
  demonstrationDataDir,
  isGone,
  type ServerProcess,
  startServer,
  temporaryDataDir,
} from '../harness/server.ts'
import {
  approve,
  type Checkout,
  checkOut,
  createVisitor,
  LINKS,
  type Payment,
  PEOPLE,
  place,
  type PlacedOrder,
  register,
  signIn,
  untilCompleted,
  type Visitor,
} from '../harness/visitor.ts'

/** Each `crashPoint` of the sources; `#2` is the second time it is passed in one order's life. */
const CRASHES = [
  'checkout.created',
  'request.performed',
  'request.performed#2',
  'request.performed#3',
  'request.kept#3',
  'order.before_placing',
  'order.placed',
  'payment.before_commit',
  'payment.approved',
  'relay.enqueued',
  'relay.enqueued#3',
  'relay.committed#2',
  'order.before_payment',
  'order.before_start_commit',
  'order.after_payment',
  'provisioning.attempt_counted',
  'provisioning.connector_answered',
  'provisioning.before_commit',
  'provisioning.recorded',
  'order.before_outcome',
  'order.before_completion_commit',
  'order.after_outcome',
]

/** A data directory with the demonstration, one customer, and people who are signed in; copied, never used itself. */
interface Prepared {
  readonly dataDir: string
  readonly customer: Visitor
  readonly staff: Visitor
  readonly operator: Visitor
  /** Orders that are there already. */
  readonly orderIds: readonly string[]
}

async function prepare(): Promise<Prepared> {
  const dataDir = await demonstrationDataDir()
  const server = await startServer({ dataDir })
  const operator = await signIn(server.origin, PEOPLE.operator)
  const staff = await signIn(server.origin, PEOPLE.reseller)
  const customer = createVisitor(server.origin)
  await register(customer, operator, 'ada@moreau.example')
  const { orders } = await tellStories(addressOf(dataDir))
  // Contoso's, which the demonstration comes with.
  assert.deepEqual([...orders.values()], [FINISHED])
  assert.deepEqual(await server.stop(), { status: 0, signal: null })
  return { dataDir, customer, staff, operator, orderIds: [...orders.keys()] }
}

let preparing: Promise<Prepared> | undefined
const preparedOnce = (): Promise<Prepared> => (preparing ??= prepare())

async function copyOf({ dataDir }: Prepared): Promise<string> {
  const copy = await temporaryDataDir()
  copyDataDir(dataDir, copy)
  return copy
}

const at = ({ customer, staff, operator }: Prepared, { origin }: ServerProcess) => ({
  customer: customer.at(origin),
  staff: staff.at(origin),
  operator: operator.at(origin),
})

/** What a customer and the staff were told of one order. */
interface Told {
  checkout?: Checkout
  placed?: PlacedOrder
  approved?: Payment
}

/** One order from link to payment, each request under a key of its own; what was answered stays in `told`. */
async function walk({ customer, staff }: Pick<Prepared, 'customer' | 'staff'>, key: string, told: Told): Promise<void> {
  told.checkout = await checkOut(customer, LINKS.monthly, key)
  told.placed = await place(customer, told.checkout, key)
  told.approved = await approve(staff, told.placed, key)
}

const within = <Value>(promise: Promise<Value>, ms: number, what: string): Promise<Value> =>
  Promise.race([
    promise,
    sleep(ms, undefined, { ref: false }).then(() => Promise.reject(new Error(`Not within ${ms} ms: ${what}`))),
  ])

const isFinished = (story: OrderStory): boolean => {
  if (story.order === WAITING.order) assert.deepEqual(story, WAITING)
  else assert.deepEqual(story, FINISHED)
  return story.order === FINISHED.order
}

test('each crash point of the sources is tried here', () => {
  const root = join(import.meta.dirname, '../..')
  const found = globSync('src/**/*.{ts,tsx}', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\bcrashPoint\(\s*(?!name:)([^)]*)\)/g)].map(
      ([, name = '']) => /^'([^']+)'$/.exec(name.trim())?.[1] ?? `${file}: a name that cannot be read`,
    ),
  )
  const tried = new Set(
    [
      ...CRASHES,
      ...WEBHOOK_CRASHES,
      ...OFFER_CRASHES,
      ...INVOICE_CRASHES,
      ...PLATFORM_CRASHES,
      ...BOOK_CRASHES,
      ...REQUEST_CRASHES,
      ...MONEY_CRASHES,
      // In relay.test.ts.
      'job.behind',
    ].map((crash) => crash.split('#')[0]),
  )
  assert.deepEqual([...tried].sort(), [...found].sort())
})

/** A data directory that goes through crash after crash, and the orders in it. */
interface Lane {
  readonly dataDir: string
  /** Always the same: a demonstration that follows to another address tells of it, and the crash would meet that. */
  readonly port: number
  readonly orderIds: Set<string>
}

async function newLane(prepared: Prepared): Promise<Lane> {
  const dataDir = await copyOf(prepared)
  const server = await startServer({ dataDir })
  // Waits until what this start has to tell is told.
  await tellStories(addressOf(dataDir))
  await server.stop()
  return { dataDir, port: server.port, orderIds: new Set(prepared.orderIds) }
}

async function dieAt(crash: string, prepared: Prepared, { dataDir, port, orderIds }: Lane): Promise<void> {
  const told: Told = {}
  const dying = await startServer({ dataDir, port, env: { BUYLINK_CRASH_AT: crash } })
  const cut = await walk(at(prepared, dying), crash, told).catch(String)
  const exit = await within(dying.exited, 15_000, `a crash at ${crash}; the last request: ${cut ?? 'answered'}`)
  assert.deepEqual(exit, { status: null, signal: 'SIGKILL' })

  const server = await startServer({ dataDir, port })
  const people = at(prepared, server)
  const { orders } = await tellStories(addressOf(dataDir))
  const made = [...orders].filter(([id]) => !orderIds.has(id))
  assert.ok(made.length <= 1)
  const isPaid = made.some(([, story]) => isFinished(story))
  if (told.placed) assert.equal(made[0]?.[0], told.placed.id)
  if (told.approved) assert.equal(isPaid, true)

  const again: Told = {}
  await walk(people, crash, again)
  assert.ok(again.checkout && again.placed && again.approved)
  if (told.checkout) assert.equal(again.checkout.id, told.checkout.id)
  if (told.placed) assert.deepEqual(again.placed, told.placed)
  if (told.approved) assert.deepEqual(again.approved, told.approved)
  // Without its key too.
  assert.deepEqual(await place(people.customer, again.checkout), again.placed)
  await untilCompleted(people.customer, again.placed)
  assert.equal((await approve(people.staff, again.placed)).receipts.length, 1)

  orderIds.add(again.placed.id)
  const after = await tellStories(addressOf(dataDir))
  assert.deepEqual(after.orders.get(again.placed.id), FINISHED)
  assert.equal(after.orders.size, orderIds.size)
  assert.equal(after.strays, 0)
  await assertBooks(people.operator)
  await assertGranted(people.customer, again.placed, orderIds.size - prepared.orderIds.length)
  assert.deepEqual(await server.stop(), { status: 0, signal: null })
}

describe('a server that dies', { concurrency: 2, timeout: 300_000 }, () => {
  let prepared: Prepared
  const lanes: Promise<Lane>[] = []
  before(async () => {
    prepared = await preparedOnce()
    for (let lane = 0; lane < 2; lane++) lanes.push(newLane(prepared))
  })

  for (const crash of CRASHES)
    test(`at ${crash} leaves an order finished or never happened, and goes on with it`, async () => {
      const lane = lanes.pop() ?? newLane(prepared)
      await dieAt(crash, prepared, await lane)
      // Of one that failed, the next one starts anew.
      lanes.push(lane)
    })
})

/** Places and pays orders, several at a time, until the server no longer answers. @returns What was told of each. */
async function load(
  people: Pick<Prepared, 'customer' | 'staff'>,
  name: string,
  told: Map<string, Told>,
): Promise<void> {
  // A signed-in user may send a burst of 200 requests.
  const keys = Array.from({ length: 60 }, (_, number) => `${name.replaceAll(' ', '-')}-${number}`)
  const worker = async () => {
    for (let key = keys.shift(); key !== undefined; key = keys.shift()) {
      const of: Told = {}
      told.set(key, of)
      await walk(people, key, of)
    }
  }
  await Promise.allSettled(Array.from({ length: 6 }, worker))
}

const KILLS: Readonly<Record<string, (server: ServerProcess) => Promise<unknown>>> = {
  'the server alone': (server) => server.kill(),
  'PostgreSQL alone': async (server) => {
    process.kill(server.postmasterPid() ?? 0, 'SIGKILL')
    assert.deepEqual(await within(server.exited, 15_000, 'the end of a server without PostgreSQL'), {
      status: 1,
      signal: null,
    })
    assert.match(
      server.stderr(),
      /^PostgreSQL ended unexpectedly \(SIGKILL\)\. Buylink stops; start it again, and it recovers by itself\.\n$/,
    )
  },
  'the server and PostgreSQL': async (server) => {
    process.kill(server.postmasterPid() ?? 0, 'SIGKILL')
    await server.kill()
  },
}

describe('a kill -9 under load', { timeout: 300_000 }, () => {
  let prepared: Prepared
  let dataDir: string
  before(async () => {
    prepared = await preparedOnce()
    dataDir = await copyOf(prepared)
  })

  for (const [what, kill] of Object.entries(KILLS))
    test(`of ${what}: all that was acknowledged is there afterwards, once`, async () => {
      const told = new Map<string, Told>()
      const dying = await startServer({ dataDir })
      const postmaster = dying.postmasterPid() ?? 0
      const earlier = await tellStories(addressOf(dataDir))
      const loading = load(at(prepared, dying), what, told)
      const isUnderWay = () => [...told.values()].filter(({ approved }) => approved).length >= 12
      assert.ok(await waitUntil(isUnderWay, 60_000))
      await kill(dying)
      await loading

      const server = await startServer({ dataDir })
      const people = at(prepared, server)
      assert.equal(isGone(postmaster), true)
      if (what === 'the server alone')
        assert.match(server.stderr(), /^Ending the PostgreSQL \(process \d+\) that a killed server left behind\n$/)
      const { orders: found } = await tellStories(addressOf(dataDir))
      for (const { placed, approved } of told.values()) {
        const story = placed && found.get(placed.id)
        if (placed) assert.ok(story, `${placed.number} was acknowledged`)
        if (approved) assert.deepEqual(story, FINISHED)
      }
      for (const story of found.values()) isFinished(story)

      const again = new Map<string, Told>()
      for (const [key, before] of told) {
        const of: Told = {}
        await walk(people, key, of)
        again.set(key, of)
        if (before.placed) assert.deepEqual(of.placed, before.placed)
        if (before.approved) assert.deepEqual(of.approved, before.approved)
      }
      const after = await tellStories(addressOf(dataDir))
      for (const { placed } of again.values()) assert.deepEqual(after.orders.get(placed?.id ?? ''), FINISHED)
      assert.equal(after.orders.size, earlier.orders.size + told.size)
      assert.equal(after.strays, 0)
      await assertBooks(people.operator)
      assert.deepEqual(await server.stop(), { status: 0, signal: null })
    })
})

async function assertBooks(operator: Visitor): Promise<void> {
  const { ok, problems } = await operator.call<{ ok: boolean; problems: unknown[] }>(
    'GET',
    '/api/v1/ledger/verification',
  )
  assert.deepEqual(problems, [])
  assert.equal(ok, true)
}

async function assertGranted(customer: Visitor, { subscription }: PlacedOrder, orders: number): Promise<void> {
  const { quotas } = await customer.call<{ quotas: { usage_name: string; value: string }[] }>(
    'GET',
    `/api/v1/subscriptions/${subscription.id}`,
  )
  const storage = quotas.find(({ usage_name }) => usage_name === 'storage')
  assert.equal(storage?.value, String(BigInt(orders) * 500n * 1_073_741_824n))
}
