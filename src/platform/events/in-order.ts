import type { Pool } from 'pg'
import { crashPoint } from '../crash-points.ts'
import type { StoredEvent } from './schema.ts'
import type { Subscriber } from './subscriber.ts'

/** A job of a subscriber that keeps the order of a subject. */
export interface JobInOrder {
  readonly id: string
  readonly subscriber: Pick<Subscriber, 'name' | 'on'>
  readonly event: Pick<StoredEvent, 'sellerId' | 'subject' | 'id'>
}

const keyOf = ({ subscriber }: JobInOrder, eventId: string): string => `${subscriber.name}:${eventId}`

/**
 * Puts a job behind that of the event just before, where that one is to be tried again: it waits without a try of its
 * own. One that was given up holds up nobody. Looking at one is enough: that one waited for those before it.
 *
 * The queue has the new row and the end of the old one in one statement; a crash after it leaves the old row without a
 * key, never to run again, which whoever frees the dead server's jobs sweeps away (job-locks.ts).
 *
 * @returns Whether it was put behind; the job that runs is over then.
 */
export async function goBehind(pool: Pool, job: JobInOrder): Promise<boolean> {
  const before = await eventBefore(pool, job)
  if (before === undefined) return false
  const { rowCount } = await pool.query({
    name: 'job-behind',
    text: `select graphile_worker.add_jobs(array[row(t.identifier, j.payload, q.queue_name,
                    greatest(before.run_at, now()) + interval '1 millisecond',
                    j.max_attempts, j.key, j.priority, null)::graphile_worker.job_spec])
             from graphile_worker._private_jobs j
             join graphile_worker._private_tasks t on t.id = j.task_id
             join graphile_worker._private_job_queues q on q.id = j.job_queue_id
             join graphile_worker._private_jobs before on before.key = $2 and before.attempts < before.max_attempts
            where j.id = $1 and j.key is not null`,
    values: [job.id, keyOf(job, before)],
  })
  if (rowCount === 0) return false
  crashPoint('job.behind')
  return true
}

async function eventBefore(pool: Pool, { subscriber, event }: JobInOrder): Promise<string | undefined> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'event-before',
    text: `select id from events
            where seller_id = $1 and subject_kind = $2 and subject_id = $3 and id < $4 and type = any($5)
            order by id desc limit 1`,
    values: [event.sellerId, event.subject.kind, event.subject.id, event.id, subscriber.on],
  })
  return rows[0]?.id
}

/** More than wait for one subject; the rest waits for its time. */
const CALLED = 200

/** After a job that had failed: those put behind it have their turn now, not when it would have been tried next. */
export async function callNext(pool: Pool, job: JobInOrder): Promise<void> {
  const { event, subscriber } = job
  const { rows } = await pool.query<{ id: string }>({
    name: 'events-after',
    text: `select id from events
            where seller_id = $1 and subject_kind = $2 and subject_id = $3 and id > $4 and type = any($5)
            order by id limit ${CALLED}`,
    values: [event.sellerId, event.subject.kind, event.subject.id, event.id, subscriber.on],
  })
  await pool.query({
    name: 'jobs-now',
    text: `select count(*) from graphile_worker.reschedule_jobs(
             array(select id from graphile_worker._private_jobs where key = any($1) and is_available), run_at => now())`,
    values: [rows.map(({ id }) => keyOf(job, id))],
  })
}
