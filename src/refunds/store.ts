import { sql } from 'kysely'
import type { OrderId, PaymentId, SellerId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { isSandbox } from '../platform/seller-clocks.ts'
import type { Refund, RefundStatus } from './schema.ts'

const COLUMNS = [
  'seller_id as sellerId',
  'id',
  'number',
  'payment_id as paymentId',
  'order_id as orderId',
  'account_id as accountId',
  'method',
  'status',
  'effect',
  'amount_minor as amountMinor',
  'currency',
  'reason',
  'card_session_id as cardSessionId',
  'gateway_id as gatewayId',
  'reversal_order_id as reversalOrderId',
  'message',
  'correlation_id as correlationId',
] as const

export async function insertRefund(tx: Tx, refund: Refund, requestedBy: unknown, at: Date): Promise<void> {
  await tx
    .insertInto('refunds')
    .values({
      seller_id: refund.sellerId,
      id: refund.id,
      number: refund.number,
      payment_id: refund.paymentId,
      order_id: refund.orderId,
      account_id: refund.accountId,
      method: refund.method,
      status: refund.status,
      effect: refund.effect,
      amount_minor: refund.amountMinor,
      currency: refund.currency,
      reason: refund.reason,
      card_session_id: refund.cardSessionId,
      gateway_id: refund.gatewayId,
      reversal_order_id: refund.reversalOrderId,
      message: refund.message,
      requested_by: JSON.stringify(requestedBy),
      correlation_id: refund.correlationId,
      version: 1n,
      created_at: at,
      updated_at: at,
      closed_at: refund.status === 'completed' ? at : null,
    })
    .execute()
}

const FINAL: readonly RefundStatus[] = ['completed', 'to_balance', 'cancelled']

/** Moves a locked refund on. */
export async function moveRefund(
  tx: Tx,
  refund: Refund,
  status: RefundStatus,
  at: Date,
  more: { readonly message?: string; readonly gatewayId?: string } = {},
): Promise<void> {
  await tx
    .updateTable('refunds')
    .where('seller_id', '=', refund.sellerId)
    .where('id', '=', refund.id)
    .set({
      status,
      updated_at: at,
      version: sql`version + 1`,
      ...(more.message !== undefined && { message: more.message }),
      ...(more.gatewayId !== undefined && { gateway_id: more.gatewayId }),
      ...(FINAL.includes(status) && { closed_at: at }),
    })
    .execute()
}

export const lockRefund = (tx: Tx, sellerId: SellerId, id: string): Promise<Refund | undefined> =>
  tx
    .selectFrom('refunds')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .select(COLUMNS)
    .forUpdate()
    .executeTakeFirst()

/** The refund that waits for an order to be taken back by this one. */
export const findWaiting = (db: Db | Tx, sellerId: SellerId, reversalOrderId: OrderId): Promise<Refund | undefined> =>
  db
    .selectFrom('refunds')
    .where('seller_id', '=', sellerId)
    .where('reversal_order_id', '=', reversalOrderId)
    .where('status', '=', 'waiting')
    .select(COLUMNS)
    .executeTakeFirst()

export const refundsOf = (db: Db | Tx, sellerId: SellerId, paymentId: PaymentId): Promise<Refund[]> =>
  db
    .selectFrom('refunds')
    .where('seller_id', '=', sellerId)
    .where('payment_id', '=', paymentId)
    .select(COLUMNS)
    .orderBy('id', 'desc')
    .execute()

/**
 * Refunds on their way to a card that nothing was heard of since `before`, by the machine's clock, of all sellers (a
 * reviewed fan-out). What a sandbox sends bears the sandbox's time, which says nothing of how long the gateway has been
 * silent (docs/adr/0015): it is always asked about.
 */
export const sendingSince = (db: Db, before: Date, limit: number): Promise<Refund[]> =>
  db
    .selectFrom('refunds')
    .where('status', '=', 'sending')
    .where(sql<boolean>`(updated_at <= ${before} or ${isSandbox('refunds.seller_id')})`)
    .orderBy('updated_at')
    .limit(limit)
    .select(COLUMNS)
    .execute()

export const findRefund = (db: Db | Tx, sellerId: SellerId, id: string): Promise<Refund | undefined> =>
  db.selectFrom('refunds').where('seller_id', '=', sellerId).where('id', '=', id).select(COLUMNS).executeTakeFirst()
