import { z } from 'zod'
import type { CorrelationId, OrderId, PaymentId, SellerId, TenantId } from '../kernel/ids.ts'

/** Where money goes back to. */
export const RefundMethod = z.enum(['balance', 'card', 'bank_transfer'])
export type RefundMethod = z.infer<typeof RefundMethod>
/** `waiting` for the service to take it back; `sending` to the card; `to_balance`: the card's bank refused. */
export const RefundStatus = z.enum(['waiting', 'sending', 'completed', 'to_balance', 'cancelled'])
export type RefundStatus = z.infer<typeof RefundStatus>
/** What becomes of what was bought: nothing, the change is taken back, or the subscription stops now. */
export const RefundEffect = z.enum(['none', 'take_back', 'stop'])
export type RefundEffect = z.infer<typeof RefundEffect>

export interface Refund {
  readonly sellerId: SellerId
  readonly id: string
  readonly number: string
  readonly paymentId: PaymentId
  readonly orderId: OrderId | null
  readonly accountId: TenantId
  readonly method: RefundMethod
  readonly status: RefundStatus
  readonly effect: RefundEffect
  readonly amountMinor: bigint
  readonly currency: string
  readonly reason: string
  readonly cardSessionId: string | null
  readonly gatewayId: string | null
  readonly reversalOrderId: OrderId | null
  readonly message: string
  readonly correlationId: CorrelationId
}

declare module '../platform/db.ts' {
  interface Database {
    refunds: {
      seller_id: SellerId
      id: string
      number: string
      payment_id: PaymentId
      order_id: OrderId | null
      account_id: TenantId
      method: RefundMethod
      status: RefundStatus
      effect: RefundEffect
      amount_minor: bigint
      currency: string
      reason: string
      card_session_id: string | null
      gateway_id: string | null
      reversal_order_id: OrderId | null
      message: string
      requested_by: string
      correlation_id: CorrelationId
      version: bigint
      created_at: Date
      updated_at: Date
      closed_at: Date | null
    }
  }
}
