import { z } from 'zod'
import type { CorrelationId, OrderId, PaymentId, SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'

export type InvoiceId = string

export const InvoiceKind = z.enum(['invoice', 'credit_note'])
export type InvoiceKind = z.infer<typeof InvoiceKind>
/** What moved the income that a document states. */
export const InvoiceSource = z.enum(['order', 'usage', 'return', 'refund', 'surplus'])
export type InvoiceSource = z.infer<typeof InvoiceSource>

/** Who issues, as it was on the day of issue. Kept as JSON with the document. */
export interface SellerParty {
  readonly name: string
  /** Lines of an address, as one writes them on an envelope. */
  readonly address: string
  readonly country: string | null
  readonly vatId: string
  /** Of a trade register, or whatever else the law wants stated. */
  readonly registration: string
  readonly email: string
  readonly footer: string
  readonly bankDetails: string
}

/** Who owes, likewise. */
export interface BuyerParty {
  readonly number: string
  readonly name: string
  readonly companyName: string
  readonly customerType: 'business' | 'person'
  readonly vatId: string
  readonly country: string | null
  readonly region: string
  readonly city: string
  readonly street: string
  readonly zip: string
}

/** Amounts are minor units. `quantity`, `months` and `unitPrice` (major units) are decimals; null: it has none. */
export interface InvoiceLine {
  readonly kind: string
  readonly description: string
  readonly quantity: string
  readonly months: string | null
  readonly unitPrice: string | null
  readonly taxBasisPoints: number
  readonly netMinor: bigint
  readonly taxMinor: bigint
}

/** What one posting moved as income or as tax: what a document states. */
export interface IncomePosting {
  readonly id: string
  readonly sellerId: SellerId
  readonly kind: string
  readonly naturalKey: string
  readonly accountId: TenantId
  readonly orderId: OrderId | null
  readonly paymentId: PaymentId | null
  readonly currency: string
  /** Positive: income. */
  readonly netMinor: bigint
  readonly taxMinor: bigint
  readonly correlationId: CorrelationId
}

export interface InvoiceSettings {
  readonly name: string
  readonly address: string
  readonly country: string | null
  readonly vatId: string
  readonly registration: string
  readonly email: string
  readonly footer: string
  /** In front of the number; `{year}` is the year of issue. Each text has numbers of its own, from 1. */
  readonly invoiceSeries: string
  readonly creditNoteSeries: string
  /** Days until what is owed is due. */
  readonly paymentDays: number
  readonly version: bigint
}

declare module '../platform/db.ts' {
  interface Database {
    invoice_settings: {
      seller_id: SellerId
      name: string
      address: string
      country: string | null
      vat_id: string
      registration: string
      email: string
      footer: string
      invoice_series: string
      credit_note_series: string
      payment_days: number
      version: bigint
      updated_at: Date
    }
    invoices: {
      seller_id: SellerId
      id: InvoiceId
      kind: InvoiceKind
      series: string
      sequence: bigint
      number: string
      posting_id: string
      source: InvoiceSource
      account_id: TenantId
      order_id: OrderId | null
      order_number: string | null
      payment_id: PaymentId | null
      subscription_id: SubscriptionId | null
      corrects_id: InvoiceId | null
      corrects_number: string | null
      title: string
      period_starts: string | null
      period_ends: string | null
      seller: string
      buyer: string
      tax_name: string
      tax_note: string
      currency: string
      net_minor: bigint
      tax_minor: bigint
      total_minor: bigint
      correlation_id: CorrelationId
      issued_at: Date
      due_at: Date
      paid_minor: bigint
      paid_at: Date | null
    }
    invoice_lines: {
      seller_id: SellerId
      invoice_id: InvoiceId
      position: number
      kind: string
      description: string
      quantity: string
      months: string | null
      unit_price: string | null
      tax_basis_points: number
      net_minor: bigint
      tax_minor: bigint
    }
  }
}
