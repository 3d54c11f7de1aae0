import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  Logger as WorkerLogger,
  parseCronItems,
  run,
  runMigrations,
  runOnce,
  type Runner,
  type Task,
  type TaskList,
  type Worker,
  type WorkerEvents,
} from 'graphile-worker'
import pg from 'pg'
import type { Logger } from 'pino'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Db } from './db.ts'
import { callNext, goBehind } from './events/in-order.ts'
import { createRelay, type EventJob, eventOfJob } from './events/relay.ts'
import type { Subscriber } from './events/subscriber.ts'
import { createJobLocks } from './job-locks.ts'
import { errorFacts } from './log.ts'

/** Work that time asks for. May run again after a failure, so it must not mind. */
export interface ScheduledJob {
  /** Unique among scheduled jobs and subscribers. */
  readonly name: string
  /** Minute, hour, day, month, weekday; in UTC. */
  readonly cron: string
  run(): Promise<void>
}

export interface Jobs {
  /** Creates or updates the queue's own schema, then relays events and works until `stop`. */
  start(): Promise<void>
  /** A hint after a commit: events are relayed now instead of within a second. */
  wake(): void
  /**
   * For tests: relays and works off everything that is due, in this process, until all is quiet.
   *
   * @throws {AggregateError} Something failed; what failed is tried again later, as always.
   */
  drain(): Promise<void>
  /** Lets what is under way finish. */
  stop(): Promise<void>
}

const CONCURRENCY = 4
const RESTART_MS = 1000
/** A worker that could not write the end of a job stops. Where that takes longer than this it hangs, and is left behind. */
const LEAVE_MS = 5_000
/** What is under way at the end has so long; a job that is cut off is another server's, or the next start's. */
const STOP_MS = 15_000

/** Events to subscribers, and work at times: graphile-worker on our own database, with retries and back-off. */
export function createJobs(options: {
  readonly connectionString: string
  readonly db: Db
  readonly pool: pg.Pool
  readonly clock: Clock
  /** Of the seller an event is about; by default `clock`. */
  readonly clockOf?: (sellerId: SellerId) => Clock
  readonly log: Logger
  readonly subscribers: readonly Subscriber[]
  readonly scheduled?: readonly ScheduledJob[]
}): Jobs {
  const { log, subscribers, scheduled = [] } = options
  refuseDuplicates([...subscribers, ...scheduled].map(({ name }) => name))
  const relay = createRelay(options)
  let failures: unknown[] = []

  // A pool of its own: the worker expects the driver's own types, and must never take the last connection from a request.
  let workerPool: pg.Pool | undefined
  const openPool = (): pg.Pool => {
    if (workerPool) return workerPool
    workerPool = new pg.Pool({
      connectionString: options.connectionString,
      application_name: 'buylink-jobs',
      max: CONCURRENCY + 3,
      keepAlive: true,
    })
    const broke = (error: Error) => {
      // Connections are closed without waiting for the database, which may end first.
      if (isWorking) log.warn({ error: errorFacts(error) }, 'a connection of the job queue broke')
    }
    workerPool.on('error', broke)
    // A connection that is lent out tells of its end by itself; unheard, that would end the process.
    workerPool.on('connect', (client) => client.on('error', broke))
    return workerPool
  }

  const guarded =
    (name: string, work: Task): Task =>
    async (payload, helpers) => {
      const { attempts, max_attempts } = helpers.job
      try {
        await work(payload, helpers)
        // It may have published something itself.
        relay.wake()
      } catch (error) {
        failures.push(error)
        const level = attempts >= max_attempts ? 'error' : 'warn'
        log[level]({ job: name, attempt: attempts, max_attempts, error: errorFacts(error) }, 'a job failed')
        throw error
      }
    }

  const tasks: TaskList = Object.fromEntries([
    ...subscribers.map((subscriber) => [
      subscriber.name,
      guarded(subscriber.name, async (payload, { job }) => {
        // Only the relay enqueues jobs of this name.
        const event = eventOfJob(payload as EventJob)
        const { db, pool, clockOf } = options
        const own = { id: job.id, subscriber, event }
        if (subscriber.inOrder && (await goBehind(pool, own))) return
        const clock = clockOf?.(event.sellerId) ?? options.clock
        const jobLog = log.child({ job: subscriber.name, event_id: event.id, trace_id: event.correlationId })
        await subscriber.handle(event, {
          db,
          pool,
          clock,
          log: jobLog,
          attempt: job.attempts,
          maxAttempts: job.max_attempts,
        })
        if (subscriber.inOrder && job.last_error !== null) await callNext(pool, own)
      }),
    ]),
    ...scheduled.map((job) => [job.name, guarded(job.name, () => job.run())]),
  ])

  const locks = createJobLocks(
    openPool,
    (error) => log.warn({ error: errorFacts(error) }, 'looking for jobs of dead servers failed'),
    subscribers.map(({ name }) => name),
  )
  // Without a batch the queue does not wait for the statement that ends a job: when it fails, the process would end.
  const preset = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } }
  const shared = () => ({ pgPool: openPool(), logger: quietLogger(log), noHandleSignals: true, preset })
  let runner: Runner | undefined
  let isWorking = false
  let migrated: Promise<void> | undefined
  const migrate = () => (migrated ??= runMigrations(shared()))

  async function begin(): Promise<Begun> {
    const events = keepLanesMoving()
    events.on('pool:create', ({ workerPool }) => locks.start(workerPool.id))
    const { promise: broke, resolve } = Promise.withResolvers<void>()
    events.once('pool:fatalError', () => resolve())
    const own = await run({
      ...shared(),
      events,
      concurrency: CONCURRENCY,
      pollInterval: 1000,
      taskList: tasks,
      parsedCronItems: parseCronItems(
        scheduled.map(({ name, cron }) => ({
          task: name,
          match: cron,
          options: { backfillPeriod: 0, maxAttempts: 3, jobKey: name },
        })),
      ),
    })
    return { runner: own, broke }
  }

  /**
   * A worker gives up when it cannot write the end of a job, say while the database restarts: then another begins. What
   * the one before was at is freed like that of a dead server, since its id is no longer ours.
   */
  async function keepWorking(first: Begun): Promise<void> {
    for (let next: Begun | undefined = first; isWorking; ) {
      try {
        const begun: Begun = next ?? (await begin())
        runner = begun.runner
        await Promise.race([runner.promise, begun.broke.then(() => sleep(LEAVE_MS, undefined, { ref: false }))])
      } catch (error) {
        log.error({ error: errorFacts(error) }, 'the job worker stopped, and is started again')
      }
      next = undefined
      if (isWorking) await sleep(RESTART_MS, undefined, { ref: false })
    }
  }

  return {
    async start() {
      await migrate()
      isWorking = true
      void keepWorking(await begin())
      relay.start()
    },

    wake: relay.wake,

    async drain() {
      await migrate()
      failures = []
      // Each round works off what the one before it published. One run may leave the rest of a lane behind.
      do await runOnce({ ...shared(), taskList: tasks })
      while ((await relay.relayOnce()) > 0 || (await hasDueJobs(openPool())))
      if (failures.length > 0)
        throw new AggregateError(failures, `${failures.length} jobs failed: ${String(failures[0])}`)
    },

    async stop() {
      isWorking = false
      await relay.stop()
      // One that has given up by itself has stopped. After an outage one may hang, and keep its connection.
      await endOrLeave(runner?.stop())
      await locks.stop()
      runner = undefined
      await endOrLeave(workerPool?.end())
      workerPool = undefined
    },
  }
}

async function endOrLeave(end: Promise<unknown> | undefined): Promise<void> {
  const late = new AbortController()
  await Promise.race([end, sleep(STOP_MS, undefined, { signal: late.signal })]).catch(() => undefined)
  late.abort()
}

interface Begun {
  readonly runner: Runner
  /** Its queue is in a state that it cannot go on from. */
  readonly broke: Promise<void>
}

function refuseDuplicates(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new Error(`Two subscribers or scheduled jobs are called ${twice}`)
}

async function hasDueJobs(pool: pg.Pool): Promise<boolean> {
  const { rowCount } = await pool.query(
    'select from graphile_worker._private_jobs where is_available and run_at <= now() limit 1',
  )
  return rowCount === 1
}

/** When the worker looks again after a job of a lane: it frees the lane without waiting for that, a commit or so later. */
const LOOK_AGAIN_MS = [3, 15, 60]

/**
 * After a job the worker looks for the next one before the lane is free, finds none, and would sleep until its next
 * poll: 6 jobs a second. Told to look again it does hundreds.
 */
function keepLanesMoving(): WorkerEvents {
  const events: WorkerEvents = new EventEmitter()
  const living = new Set<Worker>()
  events.on('worker:create', ({ worker }) => void living.add(worker))
  events.on('worker:release', ({ worker }) => void living.delete(worker))
  events.on('job:complete', ({ worker, job }) => {
    if (job.job_queue_id === null) return
    const lookAgain = () => {
      if (living.has(worker)) worker.nudge()
    }
    for (const ms of LOOK_AGAIN_MS) setTimeout(lookAgain, ms).unref()
  })
  return events
}

/** The worker's own messages: failed jobs are logged by us, with what is needed and no payload. */
const quietLogger = (log: Logger): WorkerLogger =>
  new WorkerLogger(() => (level, message) => {
    if (/^(Failed task|Cron|Worker connected)/.test(message)) return
    if (level === 'error') log.error({ from: 'graphile-worker' }, message)
    else if (level === 'warning') log.warn({ from: 'graphile-worker' }, message)
    else log.debug({ from: 'graphile-worker' }, message)
  })
