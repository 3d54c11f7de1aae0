import { pino } from 'pino'
import type { StoredEvent } from '../src/platform/events/schema.ts'
import { settleAll } from './settle-all.ts'
import type { Installation, Running } from './installation.ts'

/** What time asks for, in the order in which a minute's jobs run here. */
export const JOBS = [
  'rate-usage',
  'advance-terms',
  'check-card-sessions',
  'advance-dunnings',
  'expire-orders',
  'fail-late-tasks',
  'settle-rewards',
  'issue-missing-invoices',
  'expire-checkouts',
] as const

const QUIET = pino({ level: 'silent' })

/** A handler that fails this often is broken. */
const MOST_TRIES = 8

export async function runJobs(installation: Installation): Promise<void> {
  for (const name of JOBS) {
    await installation.work(async ({ jobs }) => {
      const job = jobs.get(name)
      if (!job) throw new Error(`There is no job ${name}`)
      await job.run()
    })
  }
}

/**
 * Lets every subscriber hear of every event, in their order, until nothing is left to hear of: what the relay and the job
 * queue do, at least once each. An event is marked only when all have heard of it.
 *
 * @returns How many events.
 */
export async function hearEvents(installation: Installation, batch: number): Promise<number> {
  let heard = 0
  const tries = new Map<string, number>()
  for (;;) {
    const count = await installation.work(async (running) => {
      const events = await waiting(running, batch)
      const done: StoredEvent[] = []
      const tellAll = async (own: readonly StoredEvent[]): Promise<void> => {
        for (const event of own) if (await tell(running, event, tries)) done.push(event)
      }
      // One tenant's in their order; different ones have nothing to do with each other.
      const byTenant = Map.groupBy(events, ({ tenantId, sellerId }) => tenantId ?? sellerId)
      await settleAll([...byTenant.values()].map((own) => () => tellAll(own)))
      await mark(running, done)
      return { seen: events.length, done: done.length }
    })
    heard += count.done
    if (count.seen === 0) return heard
  }
}

async function waiting({ pool }: Running, limit: number): Promise<StoredEvent[]> {
  const { rows } = await pool.query<StoredEvent & { kind: string; subjectId: string }>({
    name: 'simulate-events',
    text: `select seller_id as "sellerId", id, type, subject_kind as kind, subject_id as "subjectId", tenant_id as "tenantId", payload, actor,
                  correlation_id as "correlationId", occurred_at as at
             from events where relayed_at is null order by id limit $1`,
    values: [limit],
  })
  return rows.map(({ kind, subjectId, ...event }) => ({ ...event, subject: { kind, id: subjectId } }))
}

/** @returns false where one of them has to hear of it again. */
async function tell(
  { parts, pool, subscribers, isOff }: Running,
  event: StoredEvent,
  tries: Map<string, number>,
): Promise<boolean> {
  const attempt = (tries.get(event.id) ?? 0) + 1
  const context = { db: parts.db, pool, clock: parts.clock, log: QUIET, attempt, maxAttempts: MOST_TRIES + 1 }
  let isHeard = true
  for (const subscriber of subscribers) {
    if (!subscriber.on.includes(event.type) || subscriber.concerns?.(event) === false) continue
    try {
      await subscriber.handle(event, context)
    } catch (error) {
      if (isOff()) throw error
      tries.set(event.id, attempt)
      if (attempt >= MOST_TRIES) throw error
      isHeard = false
    }
  }
  return isHeard
}

const mark = ({ pool, parts }: Running, events: readonly StoredEvent[]): Promise<unknown> =>
  pool.query({
    name: 'simulate-heard',
    text: 'update events set relayed_at = $3 where seller_id = any($1::uuid[]) and id = any($2::uuid[])',
    values: [[...new Set(events.map(({ sellerId }) => sellerId))], events.map(({ id }) => id), parts.clock.now()],
  })
