import { sql } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import type { Tx } from './db.ts'

/** Told that something kept in memory may have changed; reads again what it holds. */
export type Refresh = () => Promise<void>

export interface Changes {
  /** Calls `refresh` after every hint and every `pollMs`. One call at a time; hints that come meanwhile make one more. */
  subscribe(refresh: Refresh): void
  /** Begins to listen and to poll. A server that cannot be reached now is tried again with the next poll. */
  start(): Promise<void>
  /** Ends both and gives the connection back; waits for refreshes under way. */
  close(): Promise<void>
}

export interface ChangesOptions {
  readonly pool: Pool
  /** How long a change may stay unseen when its hint is lost; 5 s by default. */
  readonly pollMs?: number
  /** A refresh or the connection failed; both are tried again by themselves. */
  readonly onError?: (error: unknown) => void
}

const CHANNEL = 'catalog_changed'

/** Says in the transaction of a change that memories of stores, brands, managers or catalogue are old once it commits. */
export async function hintChange(tx: Tx, sellerId: string): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${sellerId})`.execute(tx)
}

/**
 * Keeps what is held in memory fresh: one listening connection for all of it, and a poll, since a notification is
 * only a hint (lost with its connection, and not sent by every pooler).
 */
export function createChanges({ pool, pollMs = 5_000, onError = () => undefined }: ChangesOptions): Changes {
  const refreshers: OneAtATime[] = []
  let client: PoolClient | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const refreshAll = () => Promise.all(refreshers.map(({ run }) => run()))

  async function listen(): Promise<void> {
    if (client) return
    const opened = await pool.connect()
    if (closed) return opened.release()
    const drop = (error?: Error) => {
      if (client !== opened) return
      client = undefined
      opened.release(true)
      if (error) onError(error)
    }
    client = opened
    opened.on('error', drop)
    opened.on('end', () => drop())
    opened.on('notification', () => void refreshAll())
    await opened.query(`listen ${CHANNEL}`)
  }

  async function poll(): Promise<void> {
    await listen().catch(onError)
    await refreshAll()
    if (closed) return
    timer = setTimeout(() => void poll(), pollMs)
    timer.unref()
  }

  return {
    subscribe: (refresh) => void refreshers.push(oneAtATime(refresh, onError)),
    start: poll,
    async close() {
      closed = true
      clearTimeout(timer)
      const opened = client
      client = undefined
      opened?.release(true)
      await Promise.all(refreshers.map(({ settled }) => settled()))
    },
  }
}

interface OneAtATime {
  run(): Promise<void>
  settled(): Promise<void>
}

/** Runs `work` once at a time; callers that come while it runs share one more run, which sees their change. */
function oneAtATime(work: Refresh, onError: (error: unknown) => void): OneAtATime {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const begin = (): Promise<void> => {
    running = Promise.resolve()
      .then(work)
      .catch(onError)
      .finally(() => {
        running = undefined
      })
    return running
  }
  return {
    run() {
      if (!running) return begin()
      next ??= running.then(() => {
        next = undefined
        return begin()
      })
      return next
    },
    settled: async () => next ?? running,
  }
}
