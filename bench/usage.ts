import { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { type ClaimResult, claimOf, type Effort, median, quantile } from './claim.ts'
import { defer } from './cleanup.ts'
import { clientOf, firstAccountOf, type Sellers, writeSellers } from './data.ts'
import { startDatabase } from './database.ts'
import { load, type Outcome } from './loader.ts'
import { inTurns } from './measure.ts'
import { cpuSeconds, cpuSecondsOfPostgres } from './processes.ts'
import { makeDataDir, type RunningServer, startServer, tokenFor } from './server.ts'
import { COPIED, copyLinesOf, createEvents, EVENTS_A_BATCH, requestOf, writeQuotas } from './usage-data.ts'

/** Batches under way at a time, ours and COPY's. */
const CALLERS = 4
const OURS = 0

/** A server whose first seller has tenants with quotas, and a token of that seller. */
export interface UsageBench {
  readonly server: RunningServer
  readonly postgresPid: number
  readonly client: Client
  readonly connectionString: string
  readonly token: string
  readonly firstAccount: number
  readonly accounts: number
  /** Reports batches for about so long; checks that all of it is kept. */
  report(durationMs: number, callers?: number): Promise<Side>
  /** Copies batches into the table of events for about so long. */
  copy(durationMs: number): Promise<Side>
}

/** A side of a round; figures are of events, latencies of batches. */
export interface Side extends Outcome {
  readonly nodeMicros: number
  readonly postgresMicros: number
}

/**
 * Measures the claim `usage`: CloudEvents in batches of 500 at `POST /api/v1/usage`, deduplicated and folded into usage,
 * samples and quota states, beside COPY of the same rows into the same table, in batches of 500 of a transaction each.
 */
export async function measureUsage(effort: Effort): Promise<ClaimResult[]> {
  const bench = await openUsageBench(effort)
  const pairs = await inTurns(
    effort.rounds,
    () => bench.report(effort.roundMs),
    () => bench.copy(effort.roundMs),
  )
  const middle = (pick: (side: Side) => number, of: 'ours' | 'limit') =>
    Math.round(median(pairs.map((pair) => pick(pair[of]))))
  const ms = (part: number) => median(pairs.map(({ ours }) => quantile(ours.latenciesMs, part))).toFixed(0)
  const rate = (side: Side) => side.perSecond
  const postgres = (side: Side) => side.postgresMicros
  return [
    claimOf(
      {
        claim: 'usage',
        variant: `batches of ${EVENTS_A_BATCH} events of ${bench.accounts} tenants, ${CALLERS} callers`,
        goal: 0.6,
        unit: '×',
        info: `${middle(rate, 'ours')} events a second, COPY ${middle(rate, 'limit')}; CPU an event: Node ${middle((side) => side.nodeMicros, 'ours')} µs, PostgreSQL ${middle(postgres, 'ours')} µs, COPY's PostgreSQL ${middle(postgres, 'limit')} µs; a batch p50 ${ms(0.5)} ms, p99 ${ms(0.99)} ms`,
      },
      pairs.map(({ ours, limit }) => ours.perSecond / limit.perSecond),
    ),
  ]
}

let opened: Promise<UsageBench> | undefined

/** One for all claims that measure it, until it is cleaned up. */
export function openUsageBench(effort: Pick<Effort, 'usageTenants'>): Promise<UsageBench> {
  opened ??= open(effort)
  defer(() => (opened = undefined))
  return opened
}

/** Starts PostgreSQL, writes sellers, tenants and quotas, and starts the server on them. */
async function open({ usageTenants }: Pick<Effort, 'usageTenants'>): Promise<UsageBench> {
  const dataDir = await makeDataDir()
  const { client, connectionString, pid: postgresPid, settings } = await startDatabase(dataDir)
  const sellers: Sellers = { count: 2, plansEach: 2, accountsOf: () => usageTenants }
  await writeSellers(client, sellers)
  const firstAccount = firstAccountOf(sellers, OURS)
  await writeQuotas(client, OURS, firstAccount, usageTenants)
  await client.query('vacuum analyze')
  const server = await startServer(dataDir, { ...settings, BUYLINK_UNLIMITED_CLIENTS: clientOf(OURS).id })
  const token = await tokenFor(server.port, clientOf(OURS))
  const next = createEvents('/bench', firstAccount, usageTenants)
  const nextCopied = createEvents('/copied', firstAccountOf(sellers, 1), usageTenants)

  const account = async (work: () => Promise<Outcome>): Promise<Side> => {
    const before = { node: cpuSeconds(server.pid), postgres: cpuSecondsOfPostgres(postgresPid) }
    const { requests, perSecond, latenciesMs } = await work()
    const micros = (from: number, to: number) => ((to - from) * 1e6) / requests / EVENTS_A_BATCH
    return {
      requests,
      perSecond: perSecond * EVENTS_A_BATCH,
      latenciesMs,
      nodeMicros: micros(before.node, cpuSeconds(server.pid)),
      postgresMicros: micros(before.postgres, cpuSecondsOfPostgres(postgresPid)),
    }
  }

  return {
    server,
    postgresPid,
    client,
    connectionString,
    token,
    firstAccount,
    accounts: usageTenants,
    async report(durationMs, callers = CALLERS) {
      const before = await countEvents(client)
      const { port } = server
      const side = await account(() =>
        load({
          port,
          connections: callers,
          durationMs,
          status: 202,
          next: () => requestOf(port, token, '/bench', next()),
        }),
      )
      const kept = (await countEvents(client)) - before
      if (kept !== side.requests * EVENTS_A_BATCH)
        throw new Error(`${side.requests * EVENTS_A_BATCH} events were accepted, ${kept} are kept`)
      return side
    },
    copy: (durationMs) =>
      account(() => copyFor(connectionString, durationMs, () => copyLinesOf(1, '/copied', nextCopied()))),
  }
}

async function countEvents(client: Client): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`select count(*) from usage_events where source = '/bench'`)
  return Number(rows[0]?.count)
}

async function copyFor(connectionString: string, durationMs: number, next: () => string): Promise<Outcome> {
  const latenciesMs: number[] = []
  const clients = await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      const client = new Client({ connectionString })
      await client.connect()
      defer(() => client.end())
      return client
    }),
  )
  const started = performance.now()
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() - started < durationMs) {
        const begun = performance.now()
        await pipeline(Readable.from([next()]), client.query(copyFrom(`copy ${COPIED} from stdin`)))
        latenciesMs.push(performance.now() - begun)
      }
    }),
  )
  const seconds = (performance.now() - started) / 1000
  await Promise.all(clients.map((client) => client.end()))
  return { requests: latenciesMs.length, perSecond: latenciesMs.length / seconds, latenciesMs }
}
