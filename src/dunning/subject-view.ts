import { sql } from 'kysely'
import type { OrderId, PaymentId, SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'

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
