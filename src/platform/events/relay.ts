import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import type { Logger } from 'pino'
import type { SellerId } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import { crashPoint } from '../crash-points.ts'
import { errorFacts } from '../log.ts'
import type { StoredEvent } from './schema.ts'
import type { Subscriber } from './subscriber.ts'

/** Without a hint, an event waits at most this long. */
const POLL_MS = 1000
/** Under load, passes make a short pause in which more gathers for the next one. */
const PAUSE_MS = 5
const SELLERS_A_PASS = 50
const EVENTS_A_BATCH = 200
/**
 * Jobs of one subscriber run in this many lanes, one after the other in each; a subject always takes the same one.
 * The queue locks the rows of all lanes that are free with each job it fetches, so there are few: with 64 that cost more
 * than the job.
 */
const LANES = 8

export interface Relay {
  /** Hands what is waiting to the job queue once. @returns How many events. */
  relayOnce(): Promise<number>
  start(): void
  /** A hint that something was published just now; costs nothing. */
  wake(): void
  /** Lets a pass under way finish. */
  stop(): Promise<void>
}

interface Row {
  readonly id: string
  readonly type: string
  readonly subject_kind: string
  readonly subject_id: string
  readonly tenant_id: string | null
  readonly payload: Record<string, unknown>
  readonly actor: { kind: string; id: string | null }
  readonly correlation_id: string
  readonly occurred_at: Date
}

/** An event as the payload of a job: JSON, so with its instant as text. */
export type EventJob = Omit<StoredEvent, 'at'> & { readonly at: string }

export const eventOfJob = (job: EventJob): StoredEvent => ({ ...job, at: new Date(job.at) })

/**
 * Carries events from the outbox to the job queue, one job for each subscriber of the type.
 *
 * An event is marked in the transaction that enqueues its jobs, so a crash in between does both or neither. It claims
 * seller by seller, since a cluster refuses `skip locked` over all of them. Any number of servers may relay at once.
 */
export function createRelay(options: {
  readonly pool: Pool
  readonly clock: Clock
  readonly log: Logger
  readonly subscribers: readonly Subscriber[]
}): Relay {
  const { pool, clock, log } = options
  const byType = new Map<string, Subscriber[]>()
  for (const subscriber of options.subscribers)
    for (const type of subscriber.on) byType.set(type, [...(byType.get(type) ?? []), subscriber])

  async function relaySeller(sellerId: SellerId): Promise<number> {
    const client = await pool.connect()
    try {
      await client.query('begin')
      const rows = await claim(client, sellerId, clock.now())
      const jobs = rows.flatMap((row) => jobsOf(row, sellerId, byType.get(row.type) ?? []))
      await enqueue(client, jobs)
      if (jobs.length > 0) crashPoint('relay.enqueued')
      await client.query('commit')
      if (jobs.length > 0) crashPoint('relay.committed')
      client.release()
      return rows.length
    } catch (error) {
      // A broken connection ends the transaction too; it must not go back into the pool.
      client.release(error instanceof Error ? error : true)
      throw error
    }
  }

  async function relayOnce(): Promise<number> {
    const { rows } = await pool.query<{ seller_id: SellerId }>({
      name: 'relay-candidates',
      text: 'select distinct seller_id from events where relayed_at is null limit $1',
      values: [SELLERS_A_PASS],
    })
    let relayed = 0
    for (const { seller_id } of rows) relayed += await relaySeller(seller_id)
    return relayed
  }

  let isRunning = false
  let hint = Promise.withResolvers<void>()
  let loop: Promise<void> | undefined

  async function run(): Promise<void> {
    while (isRunning) {
      const waiting = hint.promise
      let relayed = 0
      try {
        relayed = await relayOnce()
      } catch (error) {
        log.error({ error: errorFacts(error) }, 'relaying events failed')
      }
      if (relayed > 0) await sleep(PAUSE_MS)
      else await untilHint(waiting)
    }
  }

  async function untilHint(waiting: Promise<void>): Promise<void> {
    const timer = new AbortController()
    await Promise.race([waiting, sleep(POLL_MS, undefined, { signal: timer.signal }).catch(() => undefined)])
    timer.abort()
  }

  function wake(): void {
    hint.resolve()
    hint = Promise.withResolvers()
  }

  return {
    relayOnce,
    start() {
      if (isRunning) return
      isRunning = true
      loop = run()
    },
    wake,
    async stop() {
      isRunning = false
      wake()
      await loop
    },
  }
}

async function claim(client: PoolClient, sellerId: SellerId, at: Date): Promise<Row[]> {
  // A hint only: two relays in one seller's events could enqueue a later one first. Nothing is lost or doubled without it.
  const { rows: turn } = await client.query<{ mine: boolean }>({
    name: 'relay-turn',
    text: 'select pg_try_advisory_xact_lock(hashtextextended($1, 1)) as mine',
    values: [sellerId],
  })
  if (!turn[0]?.mine) return []
  const { rows } = await client.query<Row>({
    name: 'relay-claim',
    text: `update events set relayed_at = $2
            where seller_id = $1 and id in (
              select id from events where seller_id = $1 and relayed_at is null
               order by id limit $3 for update skip locked)
            returning id, type, subject_kind, subject_id, tenant_id, payload, actor, correlation_id, occurred_at`,
    values: [sellerId, at, EVENTS_A_BATCH],
  })
  return rows.sort((one, other) => (one.id < other.id ? -1 : 1))
}

interface JobSpec {
  readonly identifier: string
  readonly payload: EventJob
  readonly queue_name: string
  readonly max_attempts: number
  readonly job_key: string
}

function jobsOf(row: Row, sellerId: SellerId, subscribers: readonly Subscriber[]): JobSpec[] {
  const concerned = subscribers.filter(({ concerns }) => concerns?.(row) ?? true)
  return concerned.map((subscriber) => ({
    identifier: subscriber.name,
    payload: {
      sellerId,
      id: row.id,
      type: row.type,
      subject: { kind: row.subject_kind, id: row.subject_id },
      tenantId: row.tenant_id,
      payload: row.payload,
      actor: row.actor,
      correlationId: row.correlation_id,
      at: row.occurred_at.toISOString(),
    },
    queue_name: `${subscriber.name}:${laneOf(`${row.subject_kind} ${row.subject_id}`)}`,
    max_attempts: subscriber.maxAttempts ?? 25,
    job_key: `${subscriber.name}:${row.id}`,
  }))
}

/** FNV-1a: any spread will do, as long as every server computes the same. */
function laneOf(subject: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < subject.length; index++) hash = Math.imul(hash ^ subject.charCodeAt(index), 0x01000193)
  return (hash >>> 0) % LANES
}

async function enqueue(client: PoolClient, jobs: readonly JobSpec[]): Promise<void> {
  if (jobs.length === 0) return
  // Jobs run by `run_at`; a microsecond apart they keep the order of their events.
  await client.query({
    name: 'relay-enqueue',
    text: `select count(*) from graphile_worker.add_jobs(array(
             select row(job.identifier, job.payload, job.queue_name,
                        clock_timestamp() - ($2 - item.position) * interval '1 microsecond',
                        job.max_attempts::smallint, job.job_key, null, null)::graphile_worker.job_spec
               from jsonb_array_elements($1::jsonb) with ordinality as item (spec, position)
              cross join lateral jsonb_to_record(item.spec)
                as job (identifier text, payload json, queue_name text, max_attempts integer, job_key text)))`,
    values: [JSON.stringify(jobs), jobs.length],
  })
}
