import type { Pool, PoolClient } from 'pg'

/** How often locks of the dead are looked for. */
const LOOK_MS = 1000

export interface JobLocks {
  /** Says that the worker pool of this id lives, in place of one before, and frees what dead ones hold, until `stop`. */
  start(poolId: string): void
  stop(): Promise<void>
}

/** The session's lock says "alive": PostgreSQL drops it with the connection. On TCP a dead machine is noticed in a minute. */
const CONNECT = `set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3`
const CLAIM = `select pg_try_advisory_lock(hashtextextended($1, 2)) as held`
/** A lane is taken together with its job. The second leaves a pool that has only just begun the time to say that it lives. */
const FREE = `
with holders as materialized (
  select distinct locked_by from graphile_worker._private_job_queues
   where locked_by <> $1 and locked_at < now() - interval '1 second'
), gone as materialized (
  select locked_by from holders where pg_try_advisory_xact_lock(hashtextextended(locked_by, 2))
)
select graphile_worker.force_unlock_workers(array_agg(locked_by)) from gone having count(*) > 0`
/** What another row has taken the place of loses its key and never runs again; its server died before it was over. */
const SWEEP = `
delete from graphile_worker._private_jobs j using graphile_worker._private_tasks t
 where t.id = j.task_id and t.identifier = any($1) and j.key is null and j.locked_at is null`

/**
 * Frees the jobs that a killed server was at: the queue itself takes them for running, and their lanes with them, for
 * four hours. The advisory lock is a hint: freed too early a job runs twice, which every subscriber bears.
 *
 * @param openPool The queue's own pool; one of its connections is kept.
 * @param onError It is tried again by itself.
 * @param keyed Names of tasks whose jobs all have a key.
 */
export function createJobLocks(
  openPool: () => Pool,
  onError: (error: Error) => void,
  keyed: readonly string[],
): JobLocks {
  let client: PoolClient | undefined
  let isHeld = false
  let isRunning = false
  let poolId = ''
  let timer: NodeJS.Timeout | undefined
  let look: Promise<void> | undefined

  function drop(error?: Error): void {
    client?.release(error ?? true)
    client = undefined
    isHeld = false
  }

  async function connect(): Promise<PoolClient> {
    const opened = await openPool().connect()
    client = opened
    opened.once('end', () => client === opened && drop())
    await opened.query(CONNECT)
    return opened
  }

  async function lookOnce(): Promise<void> {
    try {
      const connection = client ?? (await connect())
      // Our own former connection may hold it still, not yet known to be dead.
      if (!isHeld) isHeld = (await connection.query<{ held: boolean }>(CLAIM, [poolId])).rows[0]?.held === true
      const { rowCount } = await connection.query({ name: 'free-job-locks', text: FREE, values: [poolId] })
      if (rowCount) await connection.query({ name: 'sweep-jobs', text: SWEEP, values: [keyed] })
    } catch (error) {
      drop(error instanceof Error ? error : undefined)
      if (isRunning) onError(error instanceof Error ? error : new Error(String(error)))
    }
    if (isRunning) timer = setTimeout(() => (look = lookOnce()), LOOK_MS)
  }

  return {
    start(id) {
      poolId = id
      isHeld = false
      if (isRunning) return
      isRunning = true
      look = lookOnce()
    },
    async stop() {
      isRunning = false
      clearTimeout(timer)
      await look
      drop()
    },
  }
}
