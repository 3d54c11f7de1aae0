import type { WireMoney } from '../../../kernel/money.ts'
import type { AccountRef } from '../types.ts'

interface Named {
  readonly id: string
  readonly number: string
}

export interface Invoice {
  readonly id: string
  readonly kind: 'invoice' | 'credit_note'
  readonly number: string
  readonly status: 'open' | 'overdue' | 'paid'
  readonly account: AccountRef
  readonly title: string
  readonly order: Named | null
  readonly subscriptionId: string | null
  readonly corrects: Named | null
  readonly period: { readonly starts: string; readonly ends: string } | null
  readonly net: WireMoney
  readonly tax: WireMoney
  readonly total: WireMoney
  readonly paid: WireMoney
  readonly issuedAt: string
  readonly dueAt: string
  readonly paidAt: string | null
}

export interface WholeInvoice extends Invoice {
  readonly lines: readonly {
    readonly kind: string
    readonly description: string
    readonly quantity: string
    readonly months: string | null
    readonly unitPrice: string | null
    readonly net: WireMoney
  }[]
  readonly taxes: readonly { readonly ratePercent: string; readonly net: WireMoney; readonly tax: WireMoney }[]
  readonly taxName: string
  readonly taxNote: string
  readonly seller: {
    readonly name: string
    readonly address: string
    readonly country: string | null
    readonly vatId: string
    readonly registration: string
    readonly email: string
    readonly bankDetails: string
  }
  readonly buyer: {
    readonly name: string
    readonly companyName: string
    readonly vatId: string
    readonly country: string | null
    readonly region: string
    readonly city: string
    readonly street: string
    readonly zip: string
  }
  readonly corrections: readonly Named[]
}

export interface InvoiceSettings {
  readonly name: string
  readonly address: string
  readonly country: string | null
  readonly vatId: string
  readonly registration: string
  readonly email: string
  readonly footer: string
  readonly invoiceSeries: string
  readonly creditNoteSeries: string
  readonly paymentDays: number
  readonly version: number | string | null
}
