import type { PaymentId, SellerId } from '../kernel/ids.ts'

/** A page of the gateway on which one payment is paid. Amounts are minor units. */
export interface CardSession {
  readonly sellerId: SellerId
  readonly id: string
  readonly paymentId: PaymentId
  readonly gatewayId: string | null
  readonly url: string | null
  readonly status: 'open' | 'paid' | 'expired'
  readonly amountMinor: bigint
  readonly currency: string
  readonly returnUrl: string
  readonly expiresAt: Date
}

declare module '../platform/db.ts' {
  interface Database {
    card_sessions: {
      seller_id: SellerId
      id: string
      payment_id: PaymentId
      gateway_id: string | null
      url: string | null
      status: 'open' | 'paid' | 'expired'
      amount_minor: bigint
      currency: string
      return_url: string
      created_at: Date
      expires_at: Date
      updated_at: Date
    }
  }
}
