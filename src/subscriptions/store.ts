import { sql } from 'kysely'
import type { GrantedDiscount } from '../discounts/schema.ts'
import type { SellerId, SubscriptionId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Db, Tx } from '../platform/db.ts'
import { livesBy } from '../platform/seller-clocks.ts'
import { sourcesOf } from './rules.ts'
import type { StopReason, Subscription, SubscriptionResource, SubscriptionStatus } from './schema.ts'

const COLUMNS = sql`seller_id as "sellerId", id, number, account_id as "accountId", tenant_id as "tenantId", plan_id::text as "planId",
  plan_period_id::text as "planPeriodId", name, status, payment_model as "paymentModel", trial, connector, currency,
  recurring_minor as "recurringMinor", period_starts_at as "periodStartsAt", period_ends_at as "periodEndsAt",
  anchor_day as "anchorDay", auto_renew as "autoRenew", ends_with_period as "endsWithPeriod", stopped_at as "stoppedAt",
  stop_reason as "stopReason", previous_status as "previousStatus", discount, version`

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
 * Moves a subscription to `to`, if that may follow where it is; the statement is the guard. What it was is remembered
 * when it is stopped.
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
    .set({
      status: to,
      // Kept while it is tried again to stop it.
      ...(to === 'stopping' && {
        previous_status: sql<SubscriptionStatus>`case when status = 'stopping_failed' then previous_status else status end`,
      }),
      version: sql`version + 1`,
      updated_at: at,
    })
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
  /** The day of the month that the next ones begin on; by default that of this one. */
  readonly anchorDay?: number | null
}

/** A period begins. */
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
      anchor_day: term.anchorDay ?? term.startsAt.getUTCDate(),
      ends_with_period: false,
      due_at: term.endsAt && term.startsAt,
    })
    .execute()
}

/** Another period, or another plan with its name: no trial any more, and no exclusive one, which only a first order is. */
export async function setPlan(
  tx: Tx,
  sellerId: SellerId,
  id: SubscriptionId,
  { planId, planPeriodId, name }: { readonly planId: string; readonly planPeriodId: string; readonly name?: string },
): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .set({
      plan_id: BigInt(planId),
      plan_period_id: BigInt(planPeriodId),
      ...(name !== undefined && { name, exclusive: false }),
      trial: false,
    })
    .execute()
}

/** What comes off the period that begins, and the next ones; null: nothing any more. */
export async function setDiscount(
  tx: Tx,
  sellerId: SellerId,
  id: SubscriptionId,
  discount: GrantedDiscount | null,
): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .set({ discount: discount && JSON.stringify(discount) })
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

/** What of a subscription's life a person or time sets; what is not named stays. `dueAt`: when to look again. */
export interface LifeChange {
  readonly autoRenew?: boolean
  readonly endsWithPeriod?: boolean
  readonly stoppedAt?: Date | null
  readonly stopReason?: StopReason | null
  readonly dueAt?: Date | null
}

export async function setLife(
  tx: Tx,
  sellerId: SellerId,
  id: SubscriptionId,
  { autoRenew, endsWithPeriod, stoppedAt, stopReason, dueAt }: LifeChange,
): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .set({
      version: sql`version + 1`,
      ...(autoRenew !== undefined && { auto_renew: autoRenew }),
      ...(endsWithPeriod !== undefined && { ends_with_period: endsWithPeriod }),
      ...(stoppedAt !== undefined && { stopped_at: stoppedAt }),
      ...(stopReason !== undefined && { stop_reason: stopReason }),
      ...(dueAt !== undefined && { due_at: dueAt }),
    })
    .execute()
}

/** Subscriptions whose time has come, earliest first, of all sellers (a reviewed fan-out). */
export async function dueSubscriptions(
  db: Db,
  clock: Clock,
  limit: number,
): Promise<{ sellerId: SellerId; id: SubscriptionId }[]> {
  return db
    .selectFrom('subscriptions')
    .where('due_at', '<=', clock.now())
    .where(livesBy(clock, 'subscriptions.seller_id'))
    .orderBy('due_at')
    .limit(limit)
    .select(['seller_id as sellerId', 'id'])
    .execute()
}

/** Looks again later at one that could not be dealt with, so that it does not hold up the others. */
export async function postpone(db: Db, sellerId: SellerId, id: SubscriptionId, from: Date, until: Date): Promise<void> {
  await db
    .updateTable('subscriptions')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .where('due_at', '<=', from)
    .set({ due_at: until })
    .execute()
}
