import { sql } from 'kysely'
import type { SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'

/** Prepaid pay-as-you-go subscriptions that run: what a credit hold stops (facts A3.10). */
export async function subscriptionsToStop(
  tx: Tx,
  sellerId: SellerId,
  accountId: TenantId,
): Promise<{ id: SubscriptionId }[]> {
  const { rows } = await sql<{ id: SubscriptionId }>`
    select id from subscriptions
     where seller_id = ${sellerId} and account_id = ${accountId} and status in ('active', 'graced')
       and payment_model = 'prepay' and billing_type in ('pay_as_you_go_internal', 'pay_as_you_go_external')
     order by id`.execute(tx)
  return rows
}

/** What a credit hold had stopped, and nothing else. */
export async function subscriptionsToResume(
  tx: Tx,
  sellerId: SellerId,
  accountId: TenantId,
): Promise<{ id: SubscriptionId }[]> {
  const { rows } = await sql<{ id: SubscriptionId }>`
    select id from subscriptions
     where seller_id = ${sellerId} and account_id = ${accountId} and status = 'stopped' and stop_reason = 'credit_hold'
     order by id`.execute(tx)
  return rows
}

/**
 * What the account's subscriptions cost an hour, net, in 10^−12 major units, rounded down: in the last hour that was rated
 * of each, and, of what services told, in the mean of the last day, since some tell but once a day.
 */
export async function spendingOf(tx: Tx, sellerId: SellerId, accountId: TenantId, at: Date): Promise<bigint> {
  const { rows } = await sql<{ exact: string }>`
    select coalesce(floor(sum(cost) * 1000000000000), 0)::text as exact
      from subscriptions s
      cross join lateral (
        select sum(c.quantity * c.unit_price / c.per_unit) as cost
          from ratings r
          join consumption_records c on c.seller_id = r.seller_id and c.subscription_id = r.subscription_id
                                    and c.hour = r.rated_until - interval '1 hour' and c.corrects = 0
         where r.seller_id = s.seller_id and r.subscription_id = s.id
        union all
        select sum(t.amount * t.factor) / 24 from told_amounts t
         where t.seller_id = s.seller_id and t.subscription_id = s.id and t.period is not null
           and t.at > ${at}::timestamptz - interval '1 day'
      ) spent
     where s.seller_id = ${sellerId} and s.account_id = ${accountId} and s.status in ('active', 'graced')`.execute(tx)
  return BigInt(rows[0]?.exact ?? 0)
}
