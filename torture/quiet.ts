import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** A job that was never tried and is due later was planned by a clock that was ahead, and waits until then. */
const PENDING = `
select (select count(*)::integer from events where relayed_at is null)
     + (select count(*)::integer from graphile_worker._private_jobs
         where attempts < max_attempts and not (attempts = 0 and run_at > now() + interval '1 minute')) as work,
       (select count(*)::integer from deliveries where status = 'waiting') as deliveries`

const WAITING = `
select string_agg(what, '; ') as what from (
  select 'job ' || t.identifier || ' of ' || (q.queue_name is not null)::text || ' tried ' || j.attempts || ', locked ' || coalesce(j.locked_at::text, 'no')
         || ', lane locked ' || coalesce(q.locked_at::text, 'no') || ', due ' || j.run_at || ' (now ' || now() || '): ' || coalesce(j.last_error, '') as what
    from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
    left join graphile_worker._private_job_queues q on q.id = j.job_queue_id
   order by j.run_at limit 4) waiting`

/** Asks the database from outside, on a connection of its own. */
export async function asking<Result>(address: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: address })
  // It may be killed at any moment; whoever asks hears of it.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/**
 * Waits until no event and no job waits, and (where asked) no delivery.
 *
 * @param options.isGone The server has ended, so nothing will be worked off.
 * @returns What is still left after `timeoutMs`, in words; undefined: nothing.
 * @throws {Error} The server has ended.
 */
export const untilQuiet = (
  address: string,
  { deliveries = false, timeoutMs = 60_000, isGone = (): boolean => false } = {},
): Promise<string | undefined> =>
  asking(address, async (client) => {
    const giveUpAtMs = performance.now() + timeoutMs
    for (;;) {
      const { rows } = await client.query<{ work: number; deliveries: number }>(PENDING)
      const left = rows[0] ?? { work: 0, deliveries: 0 }
      if (left.work === 0 && (!deliveries || left.deliveries === 0)) return undefined
      if (isGone()) throw new Error('The server has ended')
      if (performance.now() > giveUpAtMs) {
        const { rows: jobs } = await client.query<{ what: string | null }>(WAITING)
        return `${left.work} events and jobs, ${left.deliveries} deliveries still wait: ${jobs[0]?.what}`
      }
      await sleep(50)
    }
  })
