import { sql } from 'kysely'
import type { SellerId, SubscriptionId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { sourcesOf } from './rules.ts'
import type { Subscription, SubscriptionResource, SubscriptionStatus } from './schema.ts'

const COLUMNS = sql`seller_id as "sellerId", id, number, account_id as "accountId", tenant_id as "tenantId", plan_id::text as "planId",
  plan_period_id::text as "planPeriodId", name, status, payment_model as "paymentModel", trial, connector, currency,
  recurring_minor as "recurringMinor", period_starts_at as "periodStartsAt", period_ends_at as "periodEndsAt", version`

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

export interface NewTerm {
  /** With the first one. */
  readonly activatedAt?: Date
  /** The period that is paid for; null where use is what is paid for. */
  readonly startsAt: Date
  readonly endsAt: Date | null
  /** Null: endless. */
  readonly expiresAt: Date | null
}

/** A period begins, and with it the day of the month that the next ones begin on. */
export async function setTerm(tx: Tx, sellerId: SellerId, id: SubscriptionId, term: NewTerm): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .set({
      ...(term.activatedAt && { activated_at: term.activatedAt }),
      expires_at: term.expiresAt,
      period_starts_at: term.startsAt,
      period_ends_at: term.endsAt,
      anchor_day: term.startsAt.getUTCDate(),
    })
    .execute()
}

/** Another plan than before: no trial any more, and no exclusive one, which only a first order is. */
export async function setPlan(
  tx: Tx,
  sellerId: SellerId,
  id: SubscriptionId,
  { planId, planPeriodId, name }: { readonly planId: string; readonly planPeriodId: string; readonly name: string },
): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .set({ plan_id: BigInt(planId), plan_period_id: BigInt(planPeriodId), name, trial: false, exclusive: false })
    .execute()
}

/** What a subscription has of each resource, in the order of their ids. */
export async function resourcesOf(db: Db, sellerId: SellerId, id: SubscriptionId): Promise<SubscriptionResource[]> {
  const { rows } = await sql<SubscriptionResource>`
    select resource_id::text as id, name, unit, quantity, included, usage_name as "usageName", quota_per_unit as "quotaPerUnit"
      from subscription_resources where seller_id = ${sellerId} and subscription_id = ${id} order by resource_id`.execute(
    db,
  )
  return rows
}

/** Gives a subscription other resources, and the price a month that goes with them. */
export async function setResources(
  tx: Tx,
  sellerId: SellerId,
  id: SubscriptionId,
  resources: readonly SubscriptionResource[],
  recurringMinor: bigint,
): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .set({ recurring_minor: recurringMinor })
    .execute()
  await tx
    .deleteFrom('subscription_resources')
    .where('seller_id', '=', sellerId)
    .where('subscription_id', '=', id)
    .execute()
  if (resources.length === 0) return
  await tx
    .insertInto('subscription_resources')
    .values(
      resources.map((resource) => ({
        seller_id: sellerId,
        subscription_id: id,
        resource_id: BigInt(resource.id),
        name: resource.name,
        unit: resource.unit,
        quantity: resource.quantity,
        included: resource.included,
        usage_name: resource.usageName,
        quota_per_unit: resource.quotaPerUnit,
      })),
    )
    .execute()
}
