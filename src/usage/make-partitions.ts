import { sql } from 'kysely'
import type { Clock } from '../kernel/time.ts'
import { type Db, transaction } from '../platform/db.ts'

/** Made this many months before their first event. */
const MONTHS_AHEAD = 3

/**
 * Gives usage events of this and the coming months a partition each, so that a month's are together and its index is
 * small. What lies in the default partition already stays there: a month that has begun in it goes on in it.
 *
 * @returns Names of what was made.
 */
export async function makeUsagePartitions(db: Db, clock: Clock): Promise<string[]> {
  const made: string[] = []
  const now = clock.now()
  for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead++) {
    const [from, to] = [ahead, ahead + 1].map((months) => firstOfMonth(now, months))
    if (from && to && (await makePartition(db, from, to))) made.push(nameOf(from))
  }
  return made
}

const firstOfMonth = (now: Date, ahead: number): string =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead)).toISOString().slice(0, 10)

const nameOf = (from: string): string => `usage_events_${from.slice(0, 7).replace('-', '_')}`

const makePartition = (db: Db, from: string, to: string): Promise<boolean> =>
  transaction(db, async (tx) => {
    const name = nameOf(from)
    // Making one waits for whoever writes and lets nobody write meanwhile: rather not now than that all wait.
    await sql`set local lock_timeout = '2s'`.execute(tx)
    const { rows } = await sql<{ isThere: boolean; isBegun: boolean }>`
      select to_regclass(${name}) is not null as "isThere",
             exists (select from usage_events_other
                      where occurred_at >= ${from}::date::timestamp at time zone 'utc'
                        and occurred_at < ${to}::date::timestamp at time zone 'utc') as "isBegun"`.execute(tx)
    if (!rows[0] || rows[0].isThere || rows[0].isBegun) return false
    const [begin, end] = [from, to].map((day) => sql.lit(`${day}T00:00:00Z`))
    await sql`create table if not exists ${sql.table(name)} partition of usage_events for values from (${begin}) to (${end})`.execute(
      tx,
    )
    return true
  })
