import type { Client } from 'pg'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ClaimResult, claimOf, type Effort, median, quantile } from './claim.ts'
import {
  CHECKOUT_TOTAL,
  type Checkouts,
  clientOf,
  firstAccountOf,
  idOf,
  type Sellers,
  writeCheckouts,
  writeSellers,
} from './data.ts'
import { startDatabase } from './database.ts'
import { ask, load, type Outcome } from './loader.ts'
import { inTurns, type Pair } from './measure.ts'
import { limitTool, workByLimit } from './pgbench.ts'
import { cpuSeconds, cpuSecondsOfPostgres } from './processes.ts'
import { makeDataDir, post, type RunningServer, startServer, tokenFor } from './server.ts'

/** Seller 0 is the busy one of ours, 1 that of the limit, from 2 on those that share the orders between them. */
const OURS = 0
const LIMIT = 1
const FIRST_OF_MANY = 2

/** The busy store's client places thousands a second; each of the others stays below its limit. */
export const UNLIMITED = clientOf(OURS).id

interface Side extends Outcome {
  readonly nodeMicros: number
  readonly postgresMicros: number
}

/** A server with sellers and tokens, and a way to place prepared orders by either side. */
export interface OrderBench {
  readonly server: RunningServer
  readonly postgresPid: number
  place(spread: Spread, callers: number, count: number): Promise<Side>
  /** @param seconds How long; undefined: until `each` caller has placed that many. */
  placeByLimit(spread: Spread, callers: number, each: number, seconds?: number): Promise<Side>
}

const SCRIPT = 'order-limit.sql'
/** Callers queue here, so a round takes longer to tell something. */
const LONGER = 2
/** Orders of each caller that tell about how fast it will be. */
const TRIAL = 8
/** Callers of pgbench that wait for one lock get very different shares. */
const SPARE = 5

type Spread = 'one store' | 'many stores'

/**
 * Measures the claim `order`: `POST /api/v1/checkouts/{id}/place` with the token of the seller's API client, each
 * checkout once, beside one statement an order by pgbench on the same server, in the same tables.
 */
export async function measureOrder(effort: Effort): Promise<ClaimResult[]> {
  const bench = await openOrderBench(effort)
  const results: ClaimResult[] = []
  for (const spread of ['one store', 'many stores'] as const)
    for (const callers of effort.orderCallers) {
      // Ours gets as many checkouts as take about the time of a round; pgbench gets the time, and more than it can use.
      const rate = (await bench.place(spread, callers, callers * TRIAL)).perSecond
      const limitRate = (await bench.placeByLimit(spread, callers, TRIAL)).perSecond
      const seconds = (effort.roundMs * LONGER) / 1000
      const count = Math.ceil(Math.min(effort.maxOrders, rate * seconds) / callers) * callers
      const whole = Math.floor(seconds) || undefined
      const each = whole ? Math.ceil((SPARE * limitRate * whole) / callers) : Math.ceil(count / callers)
      const pairs = await inTurns(
        Math.min(effort.rounds, 3),
        () => bench.place(spread, callers, count),
        () => bench.placeByLimit(spread, callers, each, whole),
      )
      const goal = spread === 'many stores' ? 0.8 : callers < 128 ? 1 : 1.5
      const where = spread === 'one store' ? 'one busy store' : `${effort.stores} stores`
      results.push(...linesOf(`${where}, ${callers} callers`, goal, pairs))
    }
  return results
}

/** Starts PostgreSQL, writes the sellers, and starts the server on them. */
export async function openOrderBench({ stores, plansEach, maxOrders }: Effort): Promise<OrderBench> {
  const dataDir = await makeDataDir()
  const { client, connectionString, pid: postgresPid, settings } = await startDatabase(dataDir)
  const accountsEach = Math.max(1, Math.round(maxOrders / stores))
  const sellers: Sellers = {
    count: stores + FIRST_OF_MANY,
    plansEach,
    accountsOf: (seller) => (seller < FIRST_OF_MANY ? maxOrders : accountsEach),
  }
  await writeSellers(client, sellers)
  let next = 0
  const prepare = async (kind: Checkouts['kind'], firstSeller: number, count: number) => {
    const which: Checkouts = {
      kind,
      first: next,
      count,
      firstSeller,
      sellers: firstSeller === FIRST_OF_MANY ? stores : 1,
      accountsEach: sellers.accountsOf(firstSeller),
      firstAccount: firstAccountOf(sellers, firstSeller),
      plansEach,
    }
    next += count
    await writeCheckouts(client, which)
    return which
  }
  // Sellers have had orders before: what PostgreSQL plans for empty tables is no plan for full ones.
  for (const seller of [OURS, LIMIT, FIRST_OF_MANY]) {
    const { first, firstSeller, sellers: many } = await prepare('limitCheckout', seller, maxOrders)
    await workByLimit({
      script: SCRIPT,
      connectionString,
      callers: 4,
      each: maxOrders / 4,
      first,
      firstSeller,
      sellers: many,
    })
  }
  await client.query('vacuum analyze')
  const server = await startServer(dataDir, { ...settings, BUYLINK_UNLIMITED_CLIENTS: UNLIMITED })
  const tokens = await tokensOf(server.port, stores + FIRST_OF_MANY)

  const account = async (place: () => Promise<Outcome>): Promise<Side> => {
    const cpu = () => ({ node: cpuSeconds(server.pid), postgres: cpuSecondsOfPostgres(postgresPid) })
    const ordersBefore = await countOrders(client)
    const before = cpu()
    const outcome = await place()
    const after = cpu()
    const written = (await countOrders(client)) - ordersBefore
    if (written !== outcome.requests)
      throw new Error(
        `${outcome.requests} orders were acknowledged, ${written} are there (or the prepared ones ran out)`,
      )
    await untilRelayed(client)
    const each = (from: number, to: number) => ((to - from) * 1e6) / outcome.requests
    return {
      ...outcome,
      nodeMicros: each(before.node, after.node),
      postgresMicros: each(before.postgres, after.postgres),
    }
  }

  return {
    server,
    postgresPid,
    async place(spread, callers, count) {
      const which = await prepare('checkout', spread === 'one store' ? OURS : FIRST_OF_MANY, count)
      const requests = Array.from({ length: count }, (_, index) => {
        const n = which.first + index
        return placeRequest(server.port, idOf('checkout', n), tokens[which.firstSeller + (n % which.sellers)] ?? '')
      })
      return account(() =>
        load({ port: server.port, connections: callers, durationMs: 60_000, status: 200, next: () => requests.pop() }),
      )
    },
    async placeByLimit(spread, callers, each, seconds) {
      const {
        first,
        firstSeller,
        sellers: many,
      } = await prepare('limitCheckout', spread === 'one store' ? LIMIT : FIRST_OF_MANY, each * callers)
      const limit = { script: SCRIPT, connectionString, callers, each, first, firstSeller, sellers: many }
      return account(() => workByLimit(seconds ? { ...limit, seconds } : limit))
    },
  }
}

/** A token of each seller's client, asked for from many addresses: each gets 120 a minute. */
export async function tokensOf(port: number, count: number): Promise<string[]> {
  const tokens: string[] = []
  for (let seller = 0; seller < count; seller++)
    tokens.push(await tokenFor(port, clientOf(seller), `127.0.0.${2 + Math.floor(seller / 100)}`))
  // Alone, so that the signing keys are in memory before many ask at once.
  await ask(port, placeRequest(port, idOf('checkout', 0), tokens[0] ?? ''))
  return tokens
}

/** The bytes of a request that places a checkout of `writeCheckouts`. */
export function placeRequest(port: number, checkoutId: string, token: string): Buffer {
  const body = JSON.stringify({ expected_total: CHECKOUT_TOTAL, accept_terms: true, allow_second: true })
  const path = `/api/v1/checkouts/${checkoutId}/place`
  return post(port, path, 'application/json', body, `Authorization: Bearer ${token}\r\n`)
}

const countOrders = async (client: Client): Promise<number> =>
  Number((await client.query<{ count: string }>('select count(*) from orders')).rows[0]?.count)

/** What orders set going must not run on into the limit's turn. */
async function untilRelayed(client: Client): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const { rowCount } = await client.query('select from events where relayed_at is null limit 1')
    if (rowCount === 0) return
    await sleep(100)
  }
  throw new Error('The events of the orders are not relayed within 30 s')
}

function linesOf(variant: string, goal: number, pairs: readonly Pair<Side, Side>[]): ClaimResult[] {
  const of = (pick: (side: Side) => number) => ({
    ours: Math.round(median(pairs.map(({ ours }) => pick(ours)))),
    limit: Math.round(median(pairs.map(({ limit }) => pick(limit)))),
  })
  const rate = of((side) => side.perSecond)
  const postgres = of((side) => side.postgresMicros)
  const node = of((side) => side.nodeMicros)
  const at = (part: number) => (side: Side) => quantile(side.latenciesMs, part)
  const ms = (value: number) => value.toFixed(1)
  const [p50, p99] = [at(0.5), at(0.99)].map((pick) => ({
    ours: ms(median(pairs.map(({ ours }) => pick(ours)))),
    limit: ms(median(pairs.map(({ limit }) => pick(limit)))),
  }))
  return [
    claimOf(
      {
        claim: 'order',
        variant,
        goal,
        unit: '×',
        info: `${rate.ours} a second, ${limitTool()} ${rate.limit}; CPU each: Node ${node.ours} µs, PostgreSQL ${postgres.ours} µs, limit's PostgreSQL ${postgres.limit} µs`,
      },
      pairs.map(({ ours, limit }) => ours.perSecond / limit.perSecond),
    ),
    claimOf(
      {
        claim: 'order',
        variant: `${variant}: p99`,
        goal: 3,
        bound: 'most',
        unit: '×',
        info: `p50 ${p50?.ours} ms, limit ${p50?.limit} ms; p99 ${p99?.ours} ms, limit ${p99?.limit} ms`,
      },
      pairs.map(({ ours, limit }) => at(0.99)(ours) / at(0.99)(limit)),
    ),
  ]
}
