import { sql } from 'kysely'
import type { OrderId, PaymentId, SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { Service } from './rules.ts'
import type { Dunning } from './schema.ts'

/** A renewal's payment that waits, and until when it is due; undefined where nothing of a running service waits. */
export async function findRenewal(
  db: Db | Tx,
  sellerId: SellerId,
  orderId: OrderId,
): Promise<{ readonly paymentId: PaymentId; readonly accountId: TenantId; readonly dueAt: Date } | undefined> {
  const { rows } = await sql<{ paymentId: PaymentId; accountId: TenantId; dueAt: Date }>`
    select p.id as "paymentId", p.account_id as "accountId", s.period_ends_at as "dueAt"
      from orders o
      join payments p on p.seller_id = o.seller_id and p.order_id = o.id and p.purpose = 'order'
      join subscriptions s on s.seller_id = o.seller_id and s.id = o.subscription_id
     where o.seller_id = ${sellerId} and o.id = ${orderId} and o.type = 'renewal' and o.status = 'waiting_for_payment'
       and p.status in ('waiting_for_payment', 'processing') and s.status in ('active', 'graced') and s.period_ends_at is not null`.execute(
    db,
  )
  return rows[0]
}

/** What is owed by an invoice. */
export interface Owed {
  readonly accountId: TenantId
  readonly number: string
  readonly currency: string
  readonly owedMinor: bigint
  readonly dueAt: Date
}

export async function findOwed(db: Db | Tx, sellerId: SellerId, invoiceId: string): Promise<Owed | undefined> {
  const { rows } = await sql<Owed>`
    select account_id as "accountId", number, currency, total_minor - paid_minor as "owedMinor", due_at as "dueAt"
      from invoices
     where seller_id = ${sellerId} and id = ${invoiceId} and kind = 'invoice' and paid_at is null`.execute(db)
  return rows[0]
}

/** Joins the subscription `s` that a dunning `d` of an account `a` is about, and the terms `k` that it lives by. */
export const SERVICE = sql`
      left join payments p on d.subject_kind = 'payment' and p.seller_id = d.seller_id and p.id = d.subject_id
      left join orders o on o.seller_id = p.seller_id and o.id = p.order_id
      left join invoices i on d.subject_kind = 'invoice' and i.seller_id = d.seller_id and i.id = d.subject_id
      left join subscriptions s on s.seller_id = d.seller_id and s.id = coalesce(o.subscription_id, i.subscription_id)
      left join account_classes k on k.seller_id = a.seller_id and k.id = a.account_class_id`

/** The subscription that is renewed, or that an invoice is for; undefined where it is for something else. */
export async function findService(
  db: Db | Tx,
  { sellerId, id }: Pick<Dunning, 'sellerId' | 'id'>,
): Promise<(Service & { readonly id: SubscriptionId }) | undefined> {
  const { rows } = await sql<Service & { readonly id: SubscriptionId }>`
    select s.id, s.name, s.status, k.grace_days as "graceDays"
      from dunnings d
      join accounts a on a.seller_id = d.seller_id and a.tenant_id = d.account_id ${SERVICE}
     where d.seller_id = ${sellerId} and d.id = ${id} and s.id is not null`.execute(db)
  return rows[0]
}
