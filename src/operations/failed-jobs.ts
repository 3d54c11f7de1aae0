import { sql } from 'kysely'
import { z } from 'zod'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { byNumber, byText, byTime, type PageWish, readPage, listing } from '../platform/http/list.ts'
import { Instant, NumericId } from '../platform/http/schemas.ts'

export const FailedJob = z.object({
  id: NumericId,
  task: z.string(),
  event: z.string().nullable().meta({ description: 'Type of the event it follows' }),
  attempts: z.int(),
  maxAttempts: z.int().meta({ description: 'After so many it waits for a person' }),
  lastError: z.string(),
  nextTryAt: Instant.nullable().meta({ description: 'Null: it is not tried again by itself' }),
  createdAt: Instant,
})
export type FailedJob = z.output<typeof FailedJob>

/** Jobs whose last try failed, newest first. What they carry is not shown: it is customers' data. @param before Id of the last one before. */
export const JOB_LISTING = listing(
  'newest',
  {
    created_at: byTime('createdAt'),
    task: byText('task'),
    attempts: byNumber('attempts'),
    next_try_at: byTime('nextTryAt'),
  },
  { id: NumericId, search: ['task', 'event', 'lastError'] },
)

export async function listFailedJobs(db: Db, wish: PageWish): ReturnType<typeof readPage<FailedJob>> {
  const rows = sql`
    select j.id, j.task_identifier as task, p.payload->>'type' as event, j.attempts, j.max_attempts as "maxAttempts",
           left(j.last_error, 1000) as "lastError", case when j.attempts < j.max_attempts then j.run_at end as "nextTryAt",
           j.created_at as "createdAt"
      from graphile_worker.jobs j join graphile_worker._private_jobs p on p.id = j.id
     where j.last_error is not null`
  const page = await readPage<FailedJob>(db, rows, JOB_LISTING, wish)
  // Numbers of the queue, sorted as such.
  return { ...page, items: page.items.map((job) => ({ ...job, id: String(job.id) })) }
}

/**
 * Has a failed job tried again now, with all its tries before it. One that is running, or is not there any more because
 * it has succeeded, stays as it is.
 */
export async function retryJob(db: Db, clock: Clock, actor: Principal, id: string): Promise<void> {
  await transaction(db, async (tx) => {
    const { rows } = await sql<{ task: string }>`
      select task_identifier as task
        from graphile_worker.reschedule_jobs(array[${id}::bigint], run_at => now(), attempts => 0) j
        join graphile_worker.jobs k on k.id = j.id`.execute(tx)
    const [job] = rows
    if (!job) return
    await audit(tx, {
      sellerId: actor.sellerId,
      tenantId: actor.tenantId,
      subject: { kind: 'job', id },
      actor,
      correlationId: actor.correlationId,
      at: clock.now(),
      action: 'job.retry',
      details: { task: job.task },
    })
  })
}
