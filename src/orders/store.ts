import { sql } from 'kysely'
import type { OrderId, SellerId, StoreId, SubscriptionId } from '../kernel/ids.ts'
import type { QuoteLine } from '../catalog/rules.ts'
import type { Clock } from '../kernel/time.ts'
import type { Db, Tx } from '../platform/db.ts'
import { livesBy } from '../platform/seller-clocks.ts'
import type { Order, OrderSnapshot, OrderStatus } from './schema.ts'

export interface LockedOrder extends Order {
  readonly snapshot: OrderSnapshot
}

/** Reads an order and locks its row until the transaction ends, so that its steps queue up. */
export async function lockOrder(tx: Tx, sellerId: SellerId, id: OrderId): Promise<LockedOrder | undefined> {
  const { rows } = await sql<LockedOrder>`
    select seller_id as "sellerId", id, number, type, status, account_id as "accountId", subscription_id as "subscriptionId",
           checkout_id as "checkoutId", currency, net_minor as "netMinor", tax_minor as "taxMinor", total_minor as "totalMinor",
           correlation_id as "correlationId", reverses_order_id as "reversesOrderId", snapshot
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
export async function unpaidPast(
  db: Db,
  clock: Clock,
  limit: number,
  skipped: readonly OrderId[],
): Promise<{ sellerId: SellerId; id: OrderId }[]> {
  return db
    .selectFrom('orders')
    .where('id', '<>', sql<OrderId>`all(${[...skipped]}::uuid[])`)
    .where('status', '=', 'waiting_for_payment')
    .where('expires_at', '<=', clock.now())
    .where(livesBy(clock, 'orders.seller_id'))
    .orderBy('expires_at')
    .limit(limit)
    .select(['seller_id as sellerId', 'id'])
    .execute()
}

export interface OrderedLine {
  readonly kind: string
  readonly itemId: string
  readonly description: string
  readonly quantity: bigint
  /** A decimal. */
  readonly months: string
  readonly unitMinor: bigint
  readonly netMinor: bigint
  readonly taxMinor: bigint
}

/** The lines of an order, as they were priced. */
export async function orderedLines(
  tx: Tx,
  { sellerId, id }: Pick<Order, 'sellerId' | 'id'>,
): Promise<(Omit<OrderedLine, 'itemId' | 'months' | 'kind'> & Pick<QuoteLine, 'kind'>)[]> {
  const { rows } = await sql<Omit<OrderedLine, 'itemId' | 'months' | 'kind'> & Pick<QuoteLine, 'kind'>>`
    select kind, description, quantity, unit_minor as "unitMinor", net_minor as "netMinor", tax_minor as "taxMinor"
      from order_lines where seller_id = ${sellerId} and order_id = ${id} order by position`.execute(tx)
  return rows
}

/** Writes an order about a running subscription, with its lines; sales orders come by the placing statement. */
export async function insertOrder(
  tx: Tx,
  order: LockedOrder,
  rest: {
    readonly storeId: string
    readonly managerId: string | null
    readonly priceVersion: bigint
    readonly placedBy: unknown
    readonly lines: readonly OrderedLine[]
    readonly expiresAt: Date | null
    readonly at: Date
  },
): Promise<void> {
  await tx
    .insertInto('orders')
    .values({
      seller_id: order.sellerId,
      id: order.id,
      number: order.number,
      type: order.type,
      status: order.status,
      account_id: order.accountId,
      subscription_id: order.subscriptionId,
      checkout_id: order.checkoutId,
      store_id: rest.storeId,
      manager_id: rest.managerId,
      currency: order.currency,
      net_minor: order.netMinor,
      tax_minor: order.taxMinor,
      total_minor: order.totalMinor,
      price_version: rest.priceVersion,
      snapshot: JSON.stringify(order.snapshot),
      placed_by: JSON.stringify(rest.placedBy),
      correlation_id: order.correlationId,
      reverses_order_id: order.reversesOrderId,
      version: 1n,
      created_at: rest.at,
      updated_at: rest.at,
      expires_at: rest.expiresAt,
    })
    .execute()
  if (rest.lines.length === 0) return
  await tx
    .insertInto('order_lines')
    .values(
      rest.lines.map((line, position) => ({
        seller_id: order.sellerId,
        order_id: order.id,
        position,
        kind: line.kind,
        item_id: BigInt(line.itemId),
        description: line.description,
        quantity: line.quantity,
        months: line.months,
        unit_minor: line.unitMinor,
        net_minor: line.netMinor,
        tax_minor: line.taxMinor,
      })),
    )
    .execute()
}

/** The order that takes this one back, if one does. */
export async function findReversal(tx: Tx, order: Order): Promise<OrderId | undefined> {
  const row = await tx
    .selectFrom('orders')
    .where('seller_id', '=', order.sellerId)
    .where('reverses_order_id', '=', order.id)
    .where('status', '!=', 'cancelled')
    .select('id')
    .executeTakeFirst()
  return row?.id
}

/** Where an order came from, for one that follows from it. */
export async function originOf(
  tx: Tx,
  order: Order,
): Promise<{ readonly storeId: StoreId; readonly managerId: string | null; readonly priceVersion: bigint }> {
  return tx
    .selectFrom('orders')
    .where('seller_id', '=', order.sellerId)
    .where('id', '=', order.id)
    .select(['store_id as storeId', 'manager_id as managerId', 'price_version as priceVersion'])
    .executeTakeFirstOrThrow()
}

/** The store that a subscription was ordered from last. */
export async function latestStoreOf(tx: Tx, sellerId: SellerId, id: SubscriptionId): Promise<StoreId | undefined> {
  const row = await tx
    .selectFrom('orders')
    .where('seller_id', '=', sellerId)
    .where('subscription_id', '=', id)
    .orderBy('id', 'desc')
    .select('store_id as storeId')
    .executeTakeFirst()
  return row?.storeId
}
