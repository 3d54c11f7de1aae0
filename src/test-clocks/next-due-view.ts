import { sql } from 'kysely'
import type { SellerId } from '../kernel/ids.ts'
import type { Db } from '../platform/db.ts'

/**
 * When time asks for something of a seller next, after an instant: a period or its grace ends, an order is no longer payable, an hour of use
 * is over, an account has been below zero for too long, the billing day of what stands still comes.
 *
 * @returns undefined where nothing is to come.
 */
export async function nextDue(db: Db, sellerId: SellerId, after: Date): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select least(
      (select min(due_at) from subscriptions where seller_id = ${sellerId} and due_at > ${after}),
      (select min(pull_at) from connectors where seller_id = ${sellerId} and pull_at > ${after}),
      (select min(next_at) from dunnings where seller_id = ${sellerId} and next_at > ${after}),
      (select min(expires_at) from orders where seller_id = ${sellerId} and status = 'waiting_for_payment' and expires_at > ${after}),
      (select min(greatest(coalesce(r.rated_until, s.activated_at), (select max(p.ends_at) from subscription_pauses p where p.seller_id = s.seller_id and p.subscription_id = s.id)) + interval '1 hour')
         from subscriptions s left join ratings r on r.seller_id = s.seller_id and r.subscription_id = s.id
        where s.seller_id = ${sellerId} and s.billing_type in ('pay_as_you_go_internal', 'pay_as_you_go_external') and s.status in ('active', 'graced', 'updating', 'renewing')),
      (select min(r.period_ends::timestamp at time zone 'UTC') from ratings r
        where r.seller_id = ${sellerId} and r.period_ends::timestamp at time zone 'UTC' > ${after}
          and exists (select from charges c where c.seller_id = r.seller_id and c.subscription_id = r.subscription_id and c.status = 'blocked')),
      (select min(a.subzero_since + c.subzero_period_days * interval '24 hours')
         from accounts a join account_classes c on c.seller_id = a.seller_id and c.id = a.account_class_id
        where a.seller_id = ${sellerId} and a.subzero_since is not null and a.status = 'active' and c.subzero_period_days >= 0
          and a.subzero_since + c.subzero_period_days * interval '24 hours' > ${after})) as at`.execute(db)
  const at = rows[0]?.at
  return at && at > after ? at : undefined
}

/** Whether a seller has taken an order: from then on its books have a time. */
export async function hasOrders(db: Db, sellerId: SellerId): Promise<boolean> {
  const { rows } = await sql<{
    has: boolean
  }>`select exists (select from orders where seller_id = ${sellerId}) as has`.execute(db)
  return rows[0]?.has === true
}
