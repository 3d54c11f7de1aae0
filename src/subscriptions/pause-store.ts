import { sql } from 'kysely'
import type { SellerId, SubscriptionId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { Pause } from './schema.ts'

/** The service has stopped. What is paused already stays so; stopped again at the instant it ran again, the pause goes on. */
export async function beginPause(tx: Tx, sellerId: SellerId, id: SubscriptionId, at: Date): Promise<void> {
  await sql`
    insert into subscription_pauses (seller_id, subscription_id, starts_at)
    select ${sellerId}::uuid, ${id}::uuid, ${at}::timestamptz
     where not exists (select from subscription_pauses
                        where seller_id = ${sellerId} and subscription_id = ${id} and ends_at is null)
    on conflict (seller_id, subscription_id, starts_at) do update set ends_at = null`.execute(tx)
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
