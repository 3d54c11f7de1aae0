import { hash, randomBytes } from 'node:crypto'
import type { Pool } from 'pg'
import type { ManagerId } from '../accounts/index.ts'
import type { SellerId, StoreId } from '../kernel/ids.ts'
import { type Clock, DAY_MS } from '../kernel/time.ts'

/** A visit by a link with a manager's key that counts. */
export interface KeyVisit {
  readonly sellerId: SellerId
  readonly storeId: StoreId
  readonly managerId: ManagerId
  readonly key: string
  /** Of the browser's cookie before this visit: the same key again is a repeat. */
  readonly cookieKey: string | null
  /** Both are hashed with the day's salt at once and kept nowhere. */
  readonly address: string
  readonly userAgent: string
}

/** Counts visits by key in memory and writes them in batches: the visit itself never waits for the database. */
export interface KeyVisitCounter {
  count(visit: KeyVisit): void
  /**
   * Writes what was counted; what cannot be written now is kept for the next time.
   *
   * @throws The first failure, after every seller was tried.
   */
  flush(): Promise<void>
}

/** Past these, more is not told apart or not counted until the next day or flush: visits are figures, not money. */
const MAX_SEEN = 200_000
const MAX_COUNTERS = 50_000

/**
 * Repeats are left out twice over (docs/adr/0009-visits-without-visitors.md): a browser that keeps cookies carries the
 * key it came with, and within a UTC day the hash of address, browser and key tells who does not. Its salt is made anew
 * each day and lives in this process alone, so that nobody can find out afterwards who came.
 */
export function createKeyVisitCounter(pool: Pool, clock: Clock): KeyVisitCounter {
  let counters = new Map<string, Counter>()
  let seen = new Set<number>()
  let salt = ''
  let day = ''
  const begin = (today: string): void => {
    day = today
    salt = randomBytes(32).toString('base64')
    seen = new Set()
  }
  let nextDayMs = 0
  const add = (row: Omit<Counter, 'visits'>, visits: number): void => {
    const id = `${row.day} ${row.storeId} ${row.managerId} ${row.key}`
    const counter = counters.get(id)
    if (counter) counter.visits += visits
    else if (counters.size < MAX_COUNTERS) counters.set(id, { ...row, visits })
  }
  return {
    count({ sellerId, storeId, managerId, key, cookieKey, address, userAgent }) {
      if (cookieKey === key) return
      const ms = clock.now().getTime()
      if (ms >= nextDayMs || ms < nextDayMs - DAY_MS) {
        nextDayMs = ms - (ms % DAY_MS) + DAY_MS
        begin(clock.now().toISOString().slice(0, 10))
      }
      const digest = hash('sha256', `${salt} ${storeId} ${key} ${address} ${userAgent}`, 'buffer')
      const name = digest.readUIntBE(0, 6)
      if (seen.has(name)) return
      if (seen.size < MAX_SEEN) seen.add(name)
      add({ day, sellerId, storeId, managerId, key }, 1)
    },
    async flush() {
      const batch = counters
      counters = new Map()
      const failures: unknown[] = []
      for (const [sellerId, rows] of Map.groupBy(batch.values(), (counter) => counter.sellerId)) {
        await write(pool, sellerId, rows).catch((error: unknown) => {
          failures.push(error)
          for (const { visits, ...row } of rows) add(row, visits)
        })
      }
      if (failures.length > 0) throw failures[0]
    },
  }
}

type Counter = Pick<KeyVisit, 'sellerId' | 'storeId' | 'managerId' | 'key'> & { readonly day: string; visits: number }

/** One statement a seller: rows of one seller lie together. */
async function write(pool: Pool, sellerId: SellerId, counters: readonly Counter[]): Promise<void> {
  const rows = counters.map(({ day, storeId, managerId, key, visits }) => ({
    day,
    store_id: storeId,
    manager_id: managerId,
    manager_key: key,
    visits,
  }))
  await pool.query(
    `insert into manager_visits (seller_id, day, store_id, manager_id, manager_key, visits)
     select $1, v.day, v.store_id, v.manager_id, v.manager_key, v.visits
       from jsonb_to_recordset($2::jsonb) as v (day date, store_id uuid, manager_id uuid, manager_key text, visits bigint)
      order by v.day, v.store_id, v.manager_id, v.manager_key
     on conflict (seller_id, day, store_id, manager_id, manager_key) do update set visits = manager_visits.visits + excluded.visits`,
    [sellerId, JSON.stringify(rows)],
  )
}
