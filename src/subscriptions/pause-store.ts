import { sql } from 'kysely'
import type { SellerId, SubscriptionId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { Pause } from './schema.ts'

/** The service has stopped. What is paused already stays so. */
export async function beginPause(tx: Tx, sellerId: SellerId, id: SubscriptionId, at: Date): Promise<void> {
  await sql`
    insert into subscription_pauses (seller_id, subscription_id, starts_at) values (${sellerId}, ${id}, ${at})
    on conflict do nothing`.execute(tx)
}

/** It runs again. */
export async function endPause(tx: Tx, sellerId: SellerId, id: SubscriptionId, at: Date): Promise<void> {
  await sql`
    update subscription_pauses set ends_at = greatest(starts_at, ${at}::timestamptz)
     where seller_id = ${sellerId} and subscription_id = ${id} and ends_at is null`.execute(tx)
}

/** When it did not run, the earliest first. */
export async function pausesOf(db: Db | Tx, sellerId: SellerId, id: SubscriptionId): Promise<Pause[]> {
  const { rows } = await sql<Pause>`
    select starts_at as "startsAt", ends_at as "endsAt" from subscription_pauses
     where seller_id = ${sellerId} and subscription_id = ${id} order by starts_at`.execute(db)
  return rows
}
