import { sql } from 'kysely'
import type { SellerId, SubscriptionId } from '../kernel/ids.ts'
import { type Clock, HOUR_MS } from '../kernel/time.ts'
import type { Db, Tx } from '../platform/db.ts'
import { livesBy } from '../platform/seller-clocks.ts'
import type { MeteredSubscription } from './schema.ts'

const METERED = sql`
  select s.seller_id as "sellerId", s.id, s.account_id as "accountId", s.tenant_id as "tenantId", s.plan_id::text as "planId",
         s.currency, s.activated_at as "activatedAt", s.payment_model as "paymentModel", a.country, a.customer_type as "customerType", a.vat_id as "vatId",
         k.billing_day as "billingDay"
    from subscriptions s
    join accounts a on a.seller_id = s.seller_id and a.tenant_id = s.account_id
    join account_classes k on k.seller_id = a.seller_id and k.id = a.account_class_id
   where s.billing_type in ('pay_as_you_go_internal', 'pay_as_you_go_external') and s.activated_at is not null`

export async function findMetered(
  db: Db | Tx,
  sellerId: SellerId,
  id: SubscriptionId,
): Promise<MeteredSubscription | undefined> {
  const { rows } = await sql<MeteredSubscription>`${METERED} and s.seller_id = ${sellerId} and s.id = ${id}`.execute(db)
  return rows[0]
}

/**
 * Subscriptions with something to rate: what runs and has an hour that ended, what stands still since a period that has,
 * and what a service told an amount of. Longest due first, of all sellers (a reviewed fan-out).
 *
 * @param skipped Ids that this run has seen.
 */
export async function dueToRate(
  db: Db,
  {
    clock,
    limit,
    skipped,
  }: { readonly clock: Clock; readonly limit: number; readonly skipped: readonly SubscriptionId[] },
): Promise<MeteredSubscription[]> {
  const at = clock.now()
  const before = new Date(at.getTime() - HOUR_MS)
  const { rows } = await sql<MeteredSubscription>`
    select due.* from (${METERED} and s.status in ('active', 'graced', 'updating', 'renewing')) due
      left join ratings r on r.seller_id = due."sellerId" and r.subscription_id = due.id
     where coalesce(r.rated_until, due."activatedAt") <= ${before} and ${livesBy(clock, 'due.sellerId')} and due.id <> all(${[...skipped]}::uuid[])
    union all
    select due.* from (${METERED} and s.status in ('stopped', 'deleting', 'deleted', 'deletion_failed')) due
      join ratings r on r.seller_id = due."sellerId" and r.subscription_id = due.id
     where r.period_ends::timestamp at time zone 'UTC' <= ${at} and ${livesBy(clock, 'due.sellerId')} and due.id <> all(${[...skipped]}::uuid[])
       and exists (select from charges c where c.seller_id = due."sellerId" and c.subscription_id = due.id and c.status = 'blocked')
    union
    select due.* from (${METERED} and s.billing_type = 'pay_as_you_go_external') due
     where ${livesBy(clock, 'due.sellerId')} and due.id <> all(${[...skipped]}::uuid[])
       and exists (select from told_amounts t
                     left join ratings r on r.seller_id = t.seller_id and r.subscription_id = t.subscription_id
                    where t.seller_id = due."sellerId" and t.subscription_id = due.id and t.period is null
                      and t.at < coalesce(r.period_ends::timestamp at time zone 'UTC', ${at}::timestamptz + interval '1 hour'))
     limit ${limit}`.execute(db)
  return rows
}
