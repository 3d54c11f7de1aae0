import type { CorrelationId, OrderId, PaymentId, SellerId, TenantId } from '../kernel/ids.ts'

/** What an account of the ledger holds. Debit is positive, credit negative; a customer's money is our debt, so negative. */
export type LedgerAccountKind =
  /** Money a payer account may spend. */
  | 'customer_balance'
  /** Money held for what was consumed and not yet charged. */
  | 'blocked_funds'
  /** Money received for a payment that is not settled yet, or for an order not yet booked. */
  | 'unapplied_cash'
  | 'revenue'
  | 'tax'
  | 'bank_clearing'
  | 'gateway_clearing'
  | 'refunds'

export interface LedgerEntry {
  readonly kind: LedgerAccountKind
  /** The payer account, or null for an account of the seller itself. */
  readonly accountId: TenantId | null
  /** Minor units; debit positive, credit negative, never 0. */
  readonly amountMinor: bigint
}

export interface Posting {
  readonly sellerId: SellerId
  /** What happened: `receipt`, `payment_applied`, `order_booked`, … */
  readonly kind: string
  /** Unique per seller: the same posting asked for twice is made once. */
  readonly naturalKey: string
  readonly currency: string
  readonly entries: readonly LedgerEntry[]
  readonly accountId: TenantId | null
  readonly orderId: OrderId | null
  readonly paymentId: PaymentId | null
  readonly correlationId: CorrelationId
  readonly at: Date
}

declare module '../platform/db.ts' {
  interface Database {
    ledger_accounts: {
      seller_id: SellerId
      id: string
      kind: LedgerAccountKind
      account_id: TenantId | null
      currency: string
      balance_minor: bigint
    }
    ledger_postings: {
      seller_id: SellerId
      id: string
      kind: string
      natural_key: string
      account_id: TenantId | null
      order_id: OrderId | null
      payment_id: PaymentId | null
      correlation_id: CorrelationId
      occurred_at: Date
    }
  }
}
