import type { Pool } from 'pg'
import type { SellerId, StoreId } from '../kernel/ids.ts'
import { type Clock, DAY_MS } from '../kernel/time.ts'

export interface Visit {
  readonly sellerId: SellerId
  readonly storeId: StoreId
  readonly planId: string
  /** Empty without a key. */
  readonly managerKey: string
}

/** Counts clicks in memory and writes them in batches: the click itself never waits for the database. */
export interface VisitCounter {
  count(visit: Visit): void
  /**
   * Writes what was counted; what cannot be written now is kept for the next time.
   *
   * @throws The first failure, after every seller was tried.
   */
  flush(): Promise<void>
}

/** Above this many different counters nothing more is counted until a flush: visits are figures, not money. */
const MAX_COUNTERS = 50_000

export function createVisitCounter(pool: Pool, clock: Clock): VisitCounter {
  let counters = new Map<string, Counter>()
  let dayStart = 0
  let day = ''
  // A day's text is made once a day, not once a click.
  const today = (): string => {
    const ms = clock.now().getTime()
    if (ms < dayStart || ms >= dayStart + DAY_MS) {
      dayStart = ms - (ms % DAY_MS)
      day = clock.now().toISOString().slice(0, 10)
    }
    return day
  }
  const add = (visit: Visit & { readonly day: string }, visits: number): void => {
    const key = `${visit.day} ${visit.storeId} ${visit.planId} ${visit.managerKey}`
    const counter = counters.get(key)
    if (counter) counter.visits += visits
    else if (counters.size < MAX_COUNTERS) counters.set(key, { ...visit, visits })
  }
  return {
    count: (visit) => add({ ...visit, day: today() }, 1),
    async flush() {
      const batch = counters
      counters = new Map()
      const failures: unknown[] = []
      for (const [sellerId, rows] of Map.groupBy(batch.values(), (counter) => counter.sellerId)) {
        await write(pool, sellerId, rows).catch((error: unknown) => {
          failures.push(error)
          for (const row of rows) add(row, row.visits)
        })
      }
      if (failures.length > 0) throw failures[0]
    },
  }
}

type Counter = Visit & { readonly day: string; visits: number }

/** One statement a seller: rows of one seller lie together. */
async function write(pool: Pool, sellerId: SellerId, counters: readonly Counter[]): Promise<void> {
  const rows = counters.map(({ day, storeId, planId, managerKey, visits }) => ({
    day,
    store_id: storeId,
    plan_id: planId,
    manager_key: managerKey,
    visits,
  }))
  await pool.query(
    `insert into link_visits (seller_id, day, store_id, plan_id, manager_key, visits)
     select $1, v.day, v.store_id, v.plan_id, v.manager_key, v.visits
       from jsonb_to_recordset($2::jsonb) as v (day date, store_id uuid, plan_id bigint, manager_key text, visits bigint)
      order by v.day, v.store_id, v.plan_id, v.manager_key
     on conflict (seller_id, day, store_id, plan_id, manager_key) do update set visits = link_visits.visits + excluded.visits`,
    [sellerId, JSON.stringify(rows)],
  )
}
