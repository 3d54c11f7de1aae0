import { sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '../platform/db.ts'
import { Instant } from '../platform/http/schemas.ts'

const Waiting = z.object({
  waiting: z.int(),
  failed: z.int().meta({ description: 'Tried and failed; some are tried again by themselves' }),
  oldestAt: Instant.nullable().meta({ description: 'Since when the oldest one that is due waits' }),
})

export const Health = z.object({
  versions: z.object({ buylink: z.string(), node: z.string(), postgresql: z.string(), migration: z.int() }),
  database: z.object({ sizeBytes: z.int(), connections: z.int(), answeredInMs: z.number() }),
  events: Waiting.omit({ failed: true }).meta({ description: 'Published, and not yet handed to the job queue' }),
  jobs: z.object({
    waiting: z.int(),
    running: z.int(),
    failed: z.int(),
    oldestAt: Instant.nullable(),
    tasks: z.array(z.object({ task: z.string(), waiting: z.int(), failed: z.int() })),
  }),
  mails: Waiting.extend({ kept: z.boolean().meta({ description: 'No mail server is set: mails stay in the outbox' }) }),
  deliveries: Waiting,
})
export type Health = z.output<typeof Health>

/** How the whole installation does: one of the reviewed reads over all sellers, for its operator alone. */
export async function viewHealth(
  db: Db,
  facts: { readonly version: string; readonly mailIsKept: boolean },
): Promise<Health> {
  const began = performance.now()
  const one = async <Row>(query: ReturnType<typeof sql>): Promise<Row> => {
    const { rows } = await query.execute(db)
    // Each of these counts, so it has one row.
    return rows[0] as Row
  }
  const database = await one<{ postgresql: string; sizeBytes: bigint; connections: number; migration: number }>(sql`
    select current_setting('server_version') as postgresql, pg_database_size(current_database()) as "sizeBytes",
           (select count(*)::int from pg_stat_activity where datname = current_database()) as connections,
           (select max(version)::int from schema_migrations) as migration`)
  const answeredInMs = performance.now() - began
  const events = await one<Health['events']>(sql`
    select count(*)::int as waiting, min(occurred_at) as "oldestAt" from events where relayed_at is null`)
  const jobs = await one<Omit<Health['jobs'], 'tasks'>>(sql`
    select count(*) filter (where locked_at is null and attempts < max_attempts)::int as waiting,
           count(*) filter (where locked_at is not null)::int as running,
           count(*) filter (where last_error is not null)::int as failed,
           min(run_at) filter (where locked_at is null and attempts < max_attempts and run_at <= now()) as "oldestAt"
      from graphile_worker.jobs`)
  const { rows: tasks } = await sql<Health['jobs']['tasks'][number]>`
    select task_identifier as task, count(*) filter (where last_error is null)::int as waiting,
           count(*) filter (where last_error is not null)::int as failed
      from graphile_worker.jobs group by 1 order by 3 desc, 2 desc, 1 limit 50`.execute(db)
  const mails = await one<z.output<typeof Waiting>>(sql`
    select count(*) filter (where status = 'queued')::int as waiting, count(*) filter (where status = 'failed')::int as failed,
           min(created_at) filter (where status = 'queued') as "oldestAt" from mails`)
  const deliveries = await one<z.output<typeof Waiting>>(sql`
    select count(*) filter (where status = 'waiting')::int as waiting,
           count(*) filter (where status = 'failed')::int as failed,
           min(created_at) filter (where status = 'waiting') as "oldestAt" from deliveries`)
  return {
    versions: {
      buylink: facts.version,
      node: process.versions.node,
      postgresql: database.postgresql,
      migration: database.migration,
    },
    database: {
      sizeBytes: Number(database.sizeBytes),
      connections: database.connections,
      answeredInMs: Math.round(answeredInMs * 10) / 10,
    },
    events,
    jobs: { ...jobs, tasks },
    mails: { ...mails, kept: facts.mailIsKept },
    deliveries,
  }
}
