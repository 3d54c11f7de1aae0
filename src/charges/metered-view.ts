import { sql } from 'kysely'
import type { SellerId, SubscriptionId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { MeteredSubscription } from './schema.ts'

const METERED = sql`
  select s.seller_id as "sellerId", s.id, s.account_id as "accountId", s.tenant_id as "tenantId", s.plan_id::text as "planId",
         s.currency, s.activated_at as "activatedAt", s.payment_model as "paymentModel", a.country, a.customer_type as "customerType"
    from subscriptions s
    join accounts a on a.seller_id = s.seller_id and a.tenant_id = s.account_id
   where s.billing_type = 'pay_as_you_go_internal' and s.activated_at is not null`

export async function findMetered(
  db: Db | Tx,
  sellerId: SellerId,
  id: SubscriptionId,
): Promise<MeteredSubscription | undefined> {
  const { rows } = await sql<MeteredSubscription>`${METERED} and s.seller_id = ${sellerId} and s.id = ${id}`.execute(db)
  return rows[0]
}

/** Running subscriptions with an hour to rate, longest due first, of all sellers (a reviewed fan-out). */
export async function dueToRate(db: Db, before: Date, limit: number): Promise<MeteredSubscription[]> {
  const { rows } = await sql<MeteredSubscription>`
    select due.* from (${METERED} and s.status in ('active', 'graced', 'updating', 'renewing')) due
      left join ratings r on r.seller_id = due."sellerId" and r.subscription_id = due.id
     where coalesce(r.rated_until, due."activatedAt") <= ${before}
     order by coalesce(r.rated_until, due."activatedAt") limit ${limit}`.execute(db)
  return rows
}
