import { sql } from 'kysely'
import type { OrderId, SellerId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { Order, OrderSnapshot, OrderStatus } from './schema.ts'

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
