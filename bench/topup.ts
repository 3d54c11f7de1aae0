import type { Client } from 'pg'
import { type ClaimResult, claimOf, type Effort, median } from './claim.ts'
import { firstAccountOf, type Sellers, writeSellers } from './data.ts'
import { startDatabase } from './database.ts'
import { startLimitServer } from './limit.ts'
import { load, type Outcome } from './loader.ts'
import { inTurns } from './measure.ts'
import { limitTool, workByLimit } from './pgbench.ts'
import { cpuSeconds, cpuSecondsOfPostgres } from './processes.ts'
import { makeDataDir, startServer } from './server.ts'
import { PAID_SESSION, WEBHOOK_SECRET, webhookRequest, writeTopups } from './topup-data.ts'

const OURS = 0
const LIMIT = 1
const TRIAL = 4
/** Callers of pgbench that wait for one lock get very different shares. */
const SPARE = 5

interface Side extends Outcome {
  readonly nodeMicros: number
  readonly postgresMicros: number
}

/**
 * Measures the claim `topup`: the gateway's signed webhook about a page that was paid, until the money is on the
 * customer's balance, each payment once. Buylink asks the gateway what is true (a bare server here); the limit is one
 * statement a payment by pgbench, in the same tables, which asks nobody.
 */
export async function measureTopup({ maxOrders, orderCallers, roundMs, rounds }: Effort): Promise<ClaimResult[]> {
  const callers = Math.max(...orderCallers)
  const { client, connectionString, pid, settings } = await startDatabase(await makeDataDir())
  const sellers: Sellers = { count: 2, plansEach: 1, accountsOf: () => Math.min(1_000, maxOrders) }
  await writeSellers(client, sellers)
  const gateway = await startLimitServer({
    status: 200,
    headers: { 'content-type': 'application/json', 'content-length': String(PAID_SESSION.length) },
    body: Buffer.from(PAID_SESSION).toString('base64'),
  })
  const server = await startServer(await makeDataDir(), {
    ...settings,
    STRIPE_SECRET_KEY: 'sk_test_bench',
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_API_BASE: `http://127.0.0.1:${gateway.port}`,
  })
  let next = 0
  const prepare = async (seller: number, count: number): Promise<number> => {
    const first = next
    next += count
    const which = { firstAccount: firstAccountOf(sellers, seller), accountsEach: sellers.accountsOf(seller) }
    await writeTopups(client, { ...which, first, count, firstSeller: seller })
    return first
  }
  const account = async (seller: number, work: () => Promise<Outcome>): Promise<Side> => {
    const cpu = () => ({ node: cpuSeconds(server.pid), postgres: cpuSecondsOfPostgres(pid) })
    const [paidBefore, before] = [await countPaid(client), cpu()]
    const outcome = await work()
    const after = cpu()
    const paid = (await countPaid(client)) - paidBefore
    if (paid !== outcome.requests)
      throw new Error(`Seller ${seller}: ${outcome.requests} payments were acknowledged, ${paid} are booked`)
    const each = (from: number, to: number) => ((to - from) * 1e6) / outcome.requests
    return {
      ...outcome,
      nodeMicros: each(before.node, after.node),
      postgresMicros: each(before.postgres, after.postgres),
    }
  }
  const ours = async (count: number): Promise<Side> => {
    const first = await prepare(OURS, count)
    const requests = Array.from({ length: count }, (_, index) => webhookRequest(server.port, first + index))
    const options = { port: server.port, connections: callers, durationMs: 60_000, status: 200 }
    return account(OURS, () => load({ ...options, next: () => requests.pop() }))
  }
  const limit = async (each: number, seconds?: number): Promise<Side> => {
    const first = await prepare(LIMIT, each * callers)
    const work = {
      script: 'topup-limit.sql',
      connectionString,
      callers,
      each,
      first,
      firstSeller: LIMIT,
      sellers: 1,
    }
    return account(LIMIT, () => workByLimit(seconds ? { ...work, seconds } : work))
  }

  const rate = (await ours(callers * TRIAL)).perSecond
  const limitRate = (await limit(TRIAL)).perSecond
  const seconds = Math.max(1, Math.round((roundMs * 2) / 1000))
  const count = Math.ceil(Math.min(maxOrders, rate * seconds) / callers) * callers
  const isWhole = roundMs >= 1_000
  const pairs = await inTurns(
    Math.min(rounds, 3),
    () => ours(isWhole ? count : callers),
    () => (isWhole ? limit(Math.ceil((SPARE * limitRate * seconds) / callers), seconds) : limit(TRIAL)),
  )
  const middle = (pick: (side: Side) => number) => ({
    ours: Math.round(median(pairs.map((pair) => pick(pair.ours)))),
    limit: Math.round(median(pairs.map((pair) => pick(pair.limit)))),
  })
  const [perSecond, node, postgres] = [
    middle((side) => side.perSecond),
    middle((side) => side.nodeMicros),
    middle((side) => side.postgresMicros),
  ]
  return [
    claimOf(
      {
        claim: 'topup',
        variant: `webhook to balance, one busy store, ${callers} callers`,
        goal: 1,
        unit: '×',
        info: `${perSecond.ours} a second, ${limitTool()} ${perSecond.limit}; CPU each: Node ${node.ours} µs, PostgreSQL ${postgres.ours} µs, limit's PostgreSQL ${postgres.limit} µs`,
      },
      pairs.map((pair) => pair.ours.perSecond / pair.limit.perSecond),
    ),
  ]
}

const countPaid = async (client: Client): Promise<number> =>
  Number((await client.query<{ count: string }>('select count(*) from payment_receipts')).rows[0]?.count)
