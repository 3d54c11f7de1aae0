import { sql } from 'kysely'
import type { SellerId, SubscriptionId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { sourcesOf } from './rules.ts'
import type { Subscription, SubscriptionStatus } from './schema.ts'

const COLUMNS = sql`seller_id as "sellerId", id, number, account_id as "accountId", tenant_id as "tenantId", plan_id::text as "planId",
  plan_period_id::text as "planPeriodId", name, status,
  connector, version`

export async function getSubscription(
  db: Db,
  sellerId: SellerId,
  id: SubscriptionId,
): Promise<Subscription | undefined> {
  const { rows } = await sql<Subscription>`
    select ${COLUMNS} from subscriptions where seller_id = ${sellerId} and id = ${id}`.execute(db)
  return rows[0]
}

/**
 * Moves a subscription to `to`, if that may follow where it is; the statement is the guard.
 * @returns false where it may not, and nothing was done.
 */
export async function moveSubscription(
  tx: Tx,
  sellerId: SellerId,
  id: SubscriptionId,
  to: SubscriptionStatus,
  at: Date,
): Promise<boolean> {
  const result = await tx
    .updateTable('subscriptions')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .where('status', 'in', sourcesOf(to))
    .set({ status: to, version: sql`version + 1`, updated_at: at })
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Stamps the start of service and its end; null: endless. */
export async function setTerm(
  tx: Tx,
  sellerId: SellerId,
  id: SubscriptionId,
  term: { readonly activatedAt: Date; readonly expiresAt: Date | null },
): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .set({ activated_at: term.activatedAt, expires_at: term.expiresAt })
    .execute()
}

/** What was ordered of each resource, as a connector is told it. */
export async function resourcesOf(
  db: Db,
  sellerId: SellerId,
  id: SubscriptionId,
): Promise<{ id: string; quantity: bigint; usageName: string | null; quotaPerUnit: bigint | null }[]> {
  const { rows } = await sql<{ id: string; quantity: bigint; usageName: string | null; quotaPerUnit: bigint | null }>`
    select resource_id::text as id, quantity, usage_name as "usageName", quota_per_unit as "quotaPerUnit"
      from subscription_resources where seller_id = ${sellerId} and subscription_id = ${id} order by resource_id`.execute(
    db,
  )
  return rows
}
