import { sql } from 'kysely'
import type { OrderId, SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import type { ReviewReason, ReviewStatus } from './schema.ts'

export interface NewReview {
  readonly sellerId: SellerId
  readonly id: string
  readonly orderId: OrderId
  readonly accountId: TenantId
  readonly subscriptionId: SubscriptionId
  readonly reasons: readonly ReviewReason[]
  readonly at: Date
}

/** Does nothing where there is one of this order. */
export async function insertReview(tx: Tx, review: NewReview): Promise<void> {
  const { sellerId, id, orderId, accountId, subscriptionId, reasons, at } = review
  await sql`
    insert into trial_reviews (seller_id, id, order_id, account_id, subscription_id, reasons, created_at)
    values (${sellerId}, ${id}, ${orderId}, ${accountId}, ${subscriptionId}, ${JSON.stringify(reasons)}::jsonb, ${at})
    on conflict (seller_id, order_id) do nothing`.execute(tx)
}

export const lockReview = (tx: Tx, sellerId: SellerId, id: string) =>
  tx
    .selectFrom('trial_reviews')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .select(['status', 'account_id as accountId', 'subscription_id as subscriptionId', 'order_id as orderId'])
    .forUpdate()
    .executeTakeFirst()

export async function closeReview(
  tx: Tx,
  sellerId: SellerId,
  id: string,
  decision: {
    readonly status: Exclude<ReviewStatus, 'open'>
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
