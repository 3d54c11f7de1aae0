import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { SIGN_INS } from '../../src/demonstration/index.ts'
import { INVOICE_CRASHES, OFFER_CRASHES } from '../harness/offer-crashes.ts'
import { quiet } from '../harness/order-stories.ts'
import { openReceiver } from '../harness/receiver.ts'
import {
  addressOf,
  copyDataDir,
  demonstrationDataDir,
  type ServerProcess,
  startServer,
  temporaryDataDir,
} from '../harness/server.ts'
import { programOf, signIn, until, type Visitor } from '../harness/visitor.ts'
import { WEBHOOK_CRASHES } from '../harness/webhook-crashes.ts'

/**
 * The crash points that the chain passes, each the first time; `crash.test.ts` has those of requests and relay. With
 * BUYLINK_EVERY_CRASH=1 also those of orders and provisioning, which the same file tries with other orders.
 */
const CRASHES = [
  ...OFFER_CRASHES,
  'payment.before_commit',
  'provisioning.connector_answered',
  'order.before_completion_commit',
  ...INVOICE_CRASHES,
  ...WEBHOOK_CRASHES,
  ...(process.env['BUYLINK_EVERY_CRASH']
    ? [
        'relay.enqueued',
        'relay.committed',
        'request.performed',
        'request.kept',
        'payment.approved',
        'order.before_payment',
        'order.before_start_commit',
        'order.after_payment',
        'provisioning.attempt_counted',
        'provisioning.before_commit',
        'provisioning.recorded',
        'order.before_outcome',
        'order.after_outcome',
      ]
    : []),
]
/** What happens to the order, its payment and its offer; each once. */
const STORY = [
  'offer.fulfilled',
  'offer.made',
  'offer.placed',
  'order.completed',
  'order.placed',
  'payment.completed',
  'payment.received',
  'provisioning.completed',
  'provisioning.requested',
]
const CLIENT = { id: 'loop', secret: 'a-secret-of-the-closed-loop' }

interface Offers {
  readonly id: string
  readonly answer: {
    readonly kind: string
    readonly offers: readonly {
      readonly today: object
      readonly recurring_after: object
      readonly raises: readonly { readonly usage_name: string; readonly from: string; readonly to: string }[]
    }[]
  }
  readonly orders: readonly { readonly id: string; readonly payment: { readonly id: string } | null }[]
  readonly raised_at: string | null
}
interface People {
  readonly customer: Visitor
  readonly staff: Visitor
  readonly program: Visitor
}
/** A data directory that goes through crash after crash: each runs over once more, and is raised once more. */
interface Lane extends People {
  readonly dataDir: string
  readonly port: number
  readonly accountId: string
}

const receiver = await openReceiver()
const env = {
  BUYLINK_ALLOW_INTERNAL: '1',
  BUYLINK_CLIENT_ID: CLIENT.id,
  BUYLINK_CLIENT_SECRET: CLIENT.secret,
}

async function prepare(): Promise<Lane> {
  const dataDir = await demonstrationDataDir()
  const server = await startServer({ dataDir, env })
  const staff = await signIn(server.origin, SIGN_INS.reseller)
  const customer = await signIn(server.origin, SIGN_INS.customer)
  const program = await programOf(server.origin, CLIENT)
  const { account } = await customer.call<{ account: { id: string } }>('GET', '/api/v1/session')
  const lane = { dataDir, port: server.port, accountId: account.id, staff, customer, program }
  // Only what the story is about runs over.
  for (const usageName of ['storage', 'workstations']) await use(lane, usageName, '1', `earlier-${usageName}`)
  await staff.call('POST', '/api/v1/webhooks', { url: receiver.url, event_types: ['offer.*', 'order.*', 'quota.*'] })
  await quiet(addressOf(dataDir))
  assert.deepEqual(await server.stop(), { status: 0, signal: null })
  return lane
}

const at = (lane: Lane, { origin }: ServerProcess): Lane => ({
  ...lane,
  customer: lane.customer.at(origin),
  staff: lane.staff.at(origin),
  program: lane.program.at(origin),
})

const use = ({ program, accountId }: Lane, usageName: string, value: string, id: string): Promise<unknown> =>
  program.call(
    'POST',
    '/api/v1/usage',
    {
      specversion: '1.0',
      id,
      source: 'urn:loop',
      type: 'usage',
      subject: accountId,
      time: TIMES.get(id) ?? TIMES.set(id, new Date().toISOString()).get(id),
      data: { usage_name: usageName, value },
    },
    { 'content-type': 'application/cloudevents+json' },
  )
/** A program that repeats an event repeats all of it. */
const TIMES = new Map<string, string>()

/** The whole chain, each request under a key of its own: walked again, it goes on where it stood. */
async function walk(lane: Lane, name: string, used: bigint): Promise<Offers> {
  const key = name.replace('#', '-')
  await use(lane, 'vms', used.toString(), key)
  const { customer, staff } = lane
  const question = { horizon_days: 0, place: 'alert_on_virtual_machines' }
  const offers = await customer.call<Offers>('POST', '/api/v1/offers', question, { 'idempotency-key': `${key}-ask` })
  assert.equal(offers.answer.kind, 'offers')
  const [offer] = offers.answer.offers
  const confirmation = { expected_total: offer?.today, accept_recurring: offer?.recurring_after, accept_terms: true }
  const placed = await customer.call<Offers>('POST', `/api/v1/offers/${offers.id}/place`, confirmation, {
    'idempotency-key': `${key}-place`,
  })
  const payment = placed.orders[0]?.payment?.id
  await staff.call('POST', `/api/v1/payments/${payment}/approve`, {}, { 'idempotency-key': `${key}-pay` })
  return until(
    () => customer.call<Offers>('GET', `/api/v1/offers/${offers.id}`),
    ({ raised_at }) => raised_at !== null,
    // A customer may ask so often.
    { what: 'raised quota', timeoutMs: 60_000, pauseMs: 250 },
  )
}

/** What the tables have of it. */
async function stateOf({ dataDir, accountId }: Lane, { id, orders: [order] }: Offers) {
  const client = new pg.Client({ connectionString: addressOf(dataDir) })
  await client.connect()
  try {
    const { rows } = await client.query(
      `select (select count(*)::int from orders) as orders, (select count(*)::int from payments) as payments,
              (select count(*)::int from payment_receipts) as receipts, (select count(*)::int from offer_orders) as "offerOrders",
              (select units::text from quota_grants where tenant_id = $1 and usage_name = 'vms') as vms,
              (select count(*)::int from alerts where tenant_id = $1 and cleared_at is null) as "openAlerts",
              (select coalesce(sum(amount_minor), 0)::int from ledger_entries) as balance,
              array(select type from events where subject_id in ($2, $3) or subject_id in (select p.id::text from payments p where p.order_id::text = $3) order by type) as story`,
      [accountId, id, order?.id],
    )
    return rows[0]
  } finally {
    await client.end()
  }
}

describe('the closed loop under kill -9 at every step', { concurrency: 2, timeout: 900_000 }, () => {
  let prepared: Lane
  const lanes: { lane: Lane; rounds: number; used: bigint }[] = []
  before(async () => {
    prepared = await prepare()
  })

  async function newLane() {
    const dataDir = await temporaryDataDir()
    copyDataDir(prepared.dataDir, dataDir)
    const server = await startServer({ dataDir, env })
    // A token is good for the address that gave it.
    const program = await programOf(server.origin, CLIENT)
    await quiet(addressOf(dataDir))
    await server.stop()
    return { lane: { ...prepared, program, dataDir, port: server.port }, rounds: 0, used: 2n }
  }

  for (const crash of CRASHES)
    test(`at ${crash}: goes on where it stood, and everything is there once`, async () => {
      const { lane, rounds, used } = lanes.pop() ?? (await newLane())
      const { dataDir, port } = lane
      const dying = await startServer({ dataDir, port, env: { ...env, BUYLINK_CRASH_AT: crash } })
      const cut = await walk(at(lane, dying), crash, used + 1n).catch(String)
      const late = sleep(90_000, `not met; at last: ${JSON.stringify(cut).slice(0, 300)}`, { ref: false })
      assert.deepEqual(await Promise.race([dying.exited, late]), { status: null, signal: 'SIGKILL' })

      const server = await startServer({ dataDir, port, env })
      const there = at(lane, server)
      const offers = await walk(there, crash, used + 1n)
      const raise = offers.answer.offers[0]?.raises.find(({ usage_name }) => usage_name === 'vms')
      await quiet(addressOf(dataDir))
      const once = rounds + 2
      assert.deepEqual(await stateOf(lane, offers), {
        orders: once,
        payments: once,
        receipts: once,
        offerOrders: once - 1,
        vms: raise?.to,
        openAlerts: 0,
        balance: 0,
        story: STORY,
      })
      await walk(there, crash, used + 1n)
      await quiet(addressOf(dataDir))
      assert.deepEqual((await stateOf(lane, offers)).orders, once)
      await server.stop()
      // Of one that failed, the next one starts anew.
      lanes.push({ lane, rounds: rounds + 1, used: BigInt(raise?.to ?? 0) })
    })
})
