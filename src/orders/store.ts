import { sql } from 'kysely'
import { invariant } from '../kernel/errors.ts'
import type { OrderId, PaymentId, SellerId, SubscriptionId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { PlacedOrder } from './place-order.ts'
import type { Order, OrderSnapshot, OrderStatus } from './schema.ts'

/** Reads a placed order as placing answered it the first time. */
export async function findPlaced(db: Db, sellerId: SellerId, orderId: OrderId): Promise<PlacedOrder> {
  const { rows } = await sql<{
    id: OrderId
    number: string
    totalMinor: bigint
    currency: string
    createdAt: Date
    subscriptionId: SubscriptionId
    subscriptionNumber: bigint
    paymentId: PaymentId | null
    paymentNumber: string
    paymentPurpose: 'order' | 'top_up'
    paymentMinor: bigint
  }>`
    select o.id, o.number, o.total_minor as "totalMinor", o.currency, o.created_at as "createdAt",
           s.id as "subscriptionId", s.number as "subscriptionNumber", p.id as "paymentId", p.number as "paymentNumber",
           p.purpose as "paymentPurpose", p.total_minor as "paymentMinor"
      from orders o
      join subscriptions s on s.seller_id = o.seller_id and s.id = o.subscription_id
      left join payments p on p.seller_id = o.seller_id and p.order_id = o.id
     where o.seller_id = ${sellerId} and o.id = ${orderId}`.execute(db)
  const row = rows[0]
  invariant(row, `checkout names order ${orderId}, which is not there`)
  const { currency } = row
  return {
    id: row.id,
    number: row.number,
    total: { amountMinor: row.totalMinor, currency },
    subscription: { id: row.subscriptionId, number: row.subscriptionNumber },
    payment: row.paymentId && {
      id: row.paymentId,
      number: row.paymentNumber,
      purpose: row.paymentPurpose,
      total: { amountMinor: row.paymentMinor, currency },
    },
    createdAt: row.createdAt,
  }
}

export interface LockedOrder extends Order {
  readonly snapshot: OrderSnapshot
}

/** Reads an order and locks its row until the transaction ends, so that its steps queue up. */
export async function lockOrder(tx: Tx, sellerId: SellerId, id: OrderId): Promise<LockedOrder | undefined> {
  const { rows } = await sql<LockedOrder>`
    select seller_id as "sellerId", id, number, status, account_id as "accountId", subscription_id as "subscriptionId",
           checkout_id as "checkoutId", currency, net_minor as "netMinor", tax_minor as "taxMinor", total_minor as "totalMinor",
           correlation_id as "correlationId", snapshot
      from orders where seller_id = ${sellerId} and id = ${id} for update`.execute(tx)
  return rows[0]
}

const CLOSED: readonly OrderStatus[] = ['completed', 'cancelled']

/** Moves a locked order on; stamps the end of its life. */
export async function setOrderStatus(
  tx: Tx,
  order: Order,
  status: OrderStatus,
  at: Date,
  cancelReason: string | null = null,
): Promise<void> {
  await tx
    .updateTable('orders')
    .where('seller_id', '=', order.sellerId)
    .where('id', '=', order.id)
    .set({
      status,
      version: sql`version + 1`,
      updated_at: at,
      closed_at: CLOSED.includes(status) ? at : null,
      cancel_reason: cancelReason,
    })
    .execute()
}

/** Unpaid orders whose time is over, oldest first, of all sellers (a reviewed fan-out). */
export async function unpaidPast(db: Db, at: Date, limit: number): Promise<{ sellerId: SellerId; id: OrderId }[]> {
  return db
    .selectFrom('orders')
    .where('status', '=', 'waiting_for_payment')
    .where('expires_at', '<=', at)
    .orderBy('expires_at')
    .limit(limit)
    .select(['seller_id as sellerId', 'id'])
    .execute()
}
