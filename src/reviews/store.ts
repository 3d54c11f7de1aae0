import { sql } from 'kysely'
import type { OrderId, SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import type { ReviewKind, ReviewReason } from './schema.ts'

export interface NewReview {
  readonly sellerId: SellerId
  readonly id: string
  readonly kind: ReviewKind
  /** Of a trial. */
  readonly orderId: OrderId | null
  readonly accountId: TenantId
  readonly subscriptionId: SubscriptionId
  readonly reasons: readonly ReviewReason[]
  readonly at: Date
}

/** Does nothing where there is one of this order, or of this subscription in this hold. */
export async function insertReview(tx: Tx, review: NewReview): Promise<void> {
  const { sellerId, id, kind, orderId, accountId, subscriptionId, reasons, at } = review
  await sql`
    insert into trial_reviews (seller_id, id, kind, order_id, account_id, subscription_id, reasons, created_at)
    values (${sellerId}, ${id}, ${kind}, ${orderId}, ${accountId}, ${subscriptionId}, ${JSON.stringify(reasons)}::jsonb, ${at})
    on conflict do nothing`.execute(tx)
}

export const lockReview = (tx: Tx, sellerId: SellerId, id: string) =>
  tx
    .selectFrom('trial_reviews')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .select(['kind', 'status', 'account_id as accountId', 'subscription_id as subscriptionId', 'order_id as orderId'])
    .forUpdate()
    .executeTakeFirst()

export async function closeReview(
  tx: Tx,
  sellerId: SellerId,
  id: string,
  decision: {
    readonly status: 'approved' | 'refused'
    readonly by: string
    readonly reason: string
    readonly at: Date
  },
): Promise<void> {
  await tx
    .updateTable('trial_reviews')
    .set({
      status: decision.status,
      decided_by: decision.by,
      decided_reason: decision.reason,
      decided_at: decision.at,
    })
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .execute()
}

/** A hold of an account is over: what was not decided needs no decision, and the next hold asks anew. */
export async function endHoldReviews(
  tx: Tx,
  sellerId: SellerId,
  accountId: TenantId,
  by: string,
  at: Date,
): Promise<void> {
  await sql`
    update trial_reviews
       set ended_at = ${at}, status = case when status = 'open' then 'withdrawn' else status end,
           decided_at = coalesce(decided_at, ${at}), decided_by = coalesce(decided_by, ${by})
     where seller_id = ${sellerId} and account_id = ${accountId} and kind = 'credit_hold' and ended_at is null`.execute(
    tx,
  )
}
