import { sql } from 'kysely'
import { invariant } from '../kernel/errors.ts'
import type { OrderId, PaymentId, SellerId, SubscriptionId } from '../kernel/ids.ts'
import type { Money } from '../kernel/money.ts'
import type { Db } from '../platform/db.ts'
import type { PlacedRow, PlacingRow } from './place-order.hot.ts'

/** The answer to placing: the same for every repetition, so nothing of it ever changes. */
export interface PlacedOrder {
  readonly id: OrderId
  readonly number: string
  readonly total: Money
  readonly subscription: { readonly id: SubscriptionId; readonly number: bigint }
  readonly payment: {
    readonly id: PaymentId
    readonly number: string
    readonly purpose: 'order' | 'top_up'
    readonly total: Money
  } | null
  /** What takes the account off credit hold, to be paid before. */
  readonly holdPayment: { readonly id: PaymentId; readonly number: string; readonly total: Money } | null
  readonly createdAt: Date
}

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
    holdId: PaymentId | null
    holdNumber: string
    holdMinor: bigint
  }>`
    select o.id, o.number, o.total_minor as "totalMinor", o.currency, o.created_at as "createdAt",
           s.id as "subscriptionId", s.number as "subscriptionNumber", p.id as "paymentId", p.number as "paymentNumber",
           p.purpose as "paymentPurpose", p.total_minor as "paymentMinor",
           h.id as "holdId", h.number as "holdNumber", h.total_minor as "holdMinor"
      from orders o
      join subscriptions s on s.seller_id = o.seller_id and s.id = o.subscription_id
      left join payments p on p.seller_id = o.seller_id and p.order_id = o.id
      left join payments h on h.seller_id = p.seller_id and h.id = p.after_payment_id
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
    holdPayment: row.holdId && {
      id: row.holdId,
      number: row.holdNumber,
      total: { amountMinor: row.holdMinor, currency },
    },
    createdAt: row.createdAt,
  }
}

/** The same answer from what the placing statement wrote, without another round trip. */
export function placedFrom(row: PlacingRow, placed: PlacedRow): PlacedOrder {
  const money = (minor: string): Money => ({ amountMinor: BigInt(minor), currency: row.currency })
  const { payment_id, payment_purpose, payment_minor } = row
  return {
    id: row.order_id,
    number: placed.orderNumber,
    total: money(row.total_minor),
    subscription: { id: row.subscription_id, number: placed.subscriptionNumber },
    payment:
      payment_id !== null && payment_purpose !== null && payment_minor !== null && placed.paymentNumber !== null
        ? { id: payment_id, number: placed.paymentNumber, purpose: payment_purpose, total: money(payment_minor) }
        : null,
    holdPayment: row.hold_payment && {
      id: row.hold_payment.id,
      number: row.hold_payment.number,
      total: money(row.hold_payment.total_minor),
    },
    createdAt: new Date(row.placed_at),
  }
}
