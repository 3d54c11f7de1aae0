import { type Generated, type RawBuilder, sql } from 'kysely'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Db, Tx } from './db.ts'

declare module './db.ts' {
  interface Database {
    test_clocks: {
      seller_id: SellerId
      now_at: Date
      target_at: Date
      from_at: Generated<Date | null>
      is_moving: Generated<boolean>
      created_at: Date
    }
  }
}

/** Whose time is whose (docs/adr/0015-test-clocks.md): a sandbox reseller has a clock of its own. */
export interface SellerClocks {
  /** The clock that a seller lives by. It may be kept: it follows when the seller's is moved. */
  of(sellerId: SellerId): Clock
  /** Reads the clocks of all sandboxes anew. */
  refresh(): Promise<void>
}

export type ClockOf = SellerClocks['of']

/** @param clock Of everybody else. */
export function createSellerClocks({ db, clock }: { readonly db: Db; readonly clock: Clock }): SellerClocks {
  let own = new Map<SellerId, Date>()
  return {
    of: (sellerId) => (own.has(sellerId) ? { sellerId, now: () => new Date(own.get(sellerId) ?? clock.now()) } : clock),
    async refresh() {
      const rows = await db.selectFrom('test_clocks').select(['seller_id', 'now_at']).execute()
      own = new Map(rows.map(({ seller_id, now_at }) => [seller_id, now_at]))
    },
  }
}

/**
 * Confines a read over several sellers to those that live by `clock`: a sandbox's own alone, or everybody but sandboxes.
 *
 * @param column That names the seller, such as `s.seller_id`.
 */
export const livesBy = ({ sellerId }: Clock, column: string): RawBuilder<boolean> =>
  sellerId === undefined
    ? sql<boolean>`not exists (select from test_clocks where test_clocks.seller_id = ${sql.ref(column)})`
    : sql<boolean>`${sql.ref(column)} = ${sellerId}`

/** @param column That names the seller. */
export const isSandbox = (column: string): RawBuilder<boolean> =>
  sql<boolean>`exists (select from test_clocks where test_clocks.seller_id = ${sql.ref(column)})`

export interface TestClock {
  readonly now: Date
  /** Where it is moving to; as `now` once it is there. */
  readonly target: Date
  /** Where the latest move began; null before the first. */
  readonly from: Date | null
  /** Something is still to be done on the way, or just being done. */
  readonly isMoving: boolean
}

export async function findTestClock(db: Db | Tx, sellerId: SellerId): Promise<TestClock | undefined> {
  return db
    .selectFrom('test_clocks')
    .where('seller_id', '=', sellerId)
    .select(['now_at as now', 'target_at as target', 'from_at as from', 'is_moving as isMoving'])
    .executeTakeFirst()
}

/** Gives a seller a clock; one that has one keeps it. */
export async function insertTestClock(tx: Tx, sellerId: SellerId, now: Date, at: Date): Promise<void> {
  await tx
    .insertInto('test_clocks')
    .values({ seller_id: sellerId, now_at: now, target_at: now, created_at: at })
    .onConflict((conflict) => conflict.column('seller_id').doNothing())
    .execute()
}

/** Says where a clock is to move to; it never goes back. Asked again on the way, it is one move. */
export async function setTarget(tx: Tx, sellerId: SellerId, target: Date): Promise<void> {
  await sql`
    update test_clocks set target_at = greatest(target_at, ${target}::timestamptz), is_moving = true,
           from_at = case when is_moving then from_at else now_at end
     where seller_id = ${sellerId}`.execute(tx)
}

/** Moves a clock on. @returns false where somebody else has moved it meanwhile. */
export async function stepTestClock(db: Db, sellerId: SellerId, from: Date, to: Date): Promise<boolean> {
  const { rows } = await sql`
    update test_clocks set now_at = ${to} where seller_id = ${sellerId} and now_at = ${from} and target_at >= ${to}
    returning seller_id`.execute(db)
  return rows.length === 1
}

/** All is done on the way. @returns false where it has to go on meanwhile. */
export async function endMove(db: Db, sellerId: SellerId): Promise<boolean> {
  const { rows } = await sql`
    update test_clocks set is_moving = false where seller_id = ${sellerId} and now_at = target_at returning seller_id`.execute(
    db,
  )
  return rows.length === 1
}

/** Whether nothing of a seller waits to be heard or done; what waits for another try later does not count. */
export async function isQuiet(db: Db, sellerId: SellerId, except: string): Promise<boolean> {
  const { rows } = await sql<{ waits: boolean }>`
    select exists (select from events where seller_id = ${sellerId} and relayed_at is null)
        or exists (select from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
                    where j.payload->>'sellerId' = ${sellerId} and t.identifier <> ${except}
                      and j.run_at <= now() + interval '1 second' and j.attempts < j.max_attempts) as waits`.execute(db)
  return rows[0]?.waits === false
}
