import { sql } from 'kysely'
import type { ManagerId } from '../accounts/index.ts'
import type { OrderId, SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { Movement } from './rules.ts'

export interface PaidOrder {
  readonly accountId: TenantId
  readonly managerId: ManagerId
  readonly currency: string
  readonly placedAt: Date
}

/** An order that is credited to somebody; undefined for others. */
export async function findCreditedOrder(
  db: Db | Tx,
  sellerId: SellerId,
  orderId: OrderId,
): Promise<PaidOrder | undefined> {
  const { rows } = await sql<PaidOrder>`
    select account_id as "accountId", manager_id as "managerId", currency, created_at as "placedAt"
      from orders where seller_id = ${sellerId} and id = ${orderId} and manager_id is not null`.execute(db)
  return rows[0]
}

/** What the books say of an order's revenue, in the order it was posted: the same figures as the report's. */
export async function listMovements(db: Db | Tx, sellerId: SellerId, orderId: OrderId): Promise<Movement[]> {
  const { rows } = await sql<Movement>`
    select p.id as "postingId", -sum(e.amount_minor)::bigint as "netMinor", p.occurred_at as at
      from ledger_postings p
      join ledger_entries e on e.seller_id = p.seller_id and e.posting_id = p.id
      join ledger_accounts a on a.seller_id = e.seller_id and a.id = e.ledger_account_id
     where p.seller_id = ${sellerId} and p.order_id = ${orderId} and a.kind = 'revenue'
     group by p.id, p.occurred_at
     order by p.id`.execute(db)
  return rows
}

/** Orders credited to partners whose revenue moved since a moment without a line of reward (a reviewed fan-out). */
export async function listUnsettled(
  db: Db,
  since: Date,
): Promise<{ readonly sellerId: SellerId; readonly orderId: OrderId }[]> {
  const { rows } = await sql<{ sellerId: SellerId; orderId: OrderId }>`
    select distinct p.seller_id as "sellerId", p.order_id as "orderId"
      from ledger_postings p
      join orders o on o.seller_id = p.seller_id and o.id = p.order_id
      join referral_partners r on r.manager_id = o.manager_id
      join ledger_entries e on e.seller_id = p.seller_id and e.posting_id = p.id
      join ledger_accounts a on a.seller_id = e.seller_id and a.id = e.ledger_account_id
     where p.occurred_at >= ${since} and a.kind = 'revenue'
       and not exists (select from referral_rewards w where w.seller_id = p.seller_id and w.posting_id = p.id)
     limit 500`.execute(db)
  return rows
}
