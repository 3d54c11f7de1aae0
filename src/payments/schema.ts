import type { Generated } from 'kysely'
import { z } from 'zod'
import type { CorrelationId, OrderId, PaymentId, SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'

export const PaymentStatus = z.enum([
  'waiting_for_payment',
  'processing',
  'completed',
  'paid_from_balance',
  'cancelled',
  'expired',
])
export type PaymentStatus = z.infer<typeof PaymentStatus>
export const PaymentPurpose = z.enum(['order', 'top_up'])
export type PaymentPurpose = z.infer<typeof PaymentPurpose>
export const PaymentMethod = z.enum(['bank_transfer', 'balance', 'card'])
export type PaymentMethod = z.infer<typeof PaymentMethod>

/** What is owed for an order, or a top-up that credits the balance once completed. Amounts are minor units. */
export interface Payment {
  readonly sellerId: SellerId
  readonly id: PaymentId
  readonly number: string
  readonly purpose: PaymentPurpose
  readonly method: PaymentMethod
  readonly status: PaymentStatus
  readonly accountId: TenantId
  readonly orderId: OrderId | null
  readonly subscriptionId: SubscriptionId | null
  readonly currency: string
  readonly totalMinor: bigint
  readonly receivedMinor: bigint
  /** What of it went back. */
  readonly refundedMinor: bigint
  readonly correlationId: CorrelationId
  readonly version: bigint
}

declare module '../platform/db.ts' {
  interface Database {
    payments: {
      seller_id: SellerId
      id: PaymentId
      number: string
      purpose: PaymentPurpose
      method: PaymentMethod
      status: PaymentStatus
      account_id: TenantId
      order_id: OrderId | null
      order_number: string | null
      subscription_id: SubscriptionId | null
      description: string
      currency: string
      total_minor: bigint
      received_minor: bigint
      refunded_minor: Generated<bigint>
      leaves_hold: Generated<boolean>
      after_payment_id: PaymentId | null
      correlation_id: CorrelationId
      version: bigint
      created_at: Date
      updated_at: Date
      expires_at: Date | null
      closed_at: Date | null
    }
    payment_receipts: {
      seller_id: SellerId
      id: string
      payment_id: PaymentId
      amount_minor: bigint
      reference: string
      approved_by: string
      received_at: Date
    }
  }
}
