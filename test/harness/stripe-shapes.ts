/** What the stand-in keeps of a Checkout Session, as Stripe's API shows it. */
export interface Session {
  readonly id: string
  readonly object: 'checkout.session'
  readonly mode: 'payment' | 'setup'
  readonly url: string
  status: 'open' | 'complete' | 'expired'
  payment_status: 'unpaid' | 'paid' | 'no_payment_required'
  payment_intent: string | null
  setup_intent: string | null
  readonly customer: string | null
  readonly amount_total: number | null
  readonly currency: string
  readonly client_reference_id: string
  readonly success_url: string
  /** Of the intent, not of the session: the card is kept. */
  readonly keeps: boolean
}

/** Money that the stand-in sent back to a card. */
export interface SentBack {
  readonly id: string
  readonly object: 'refund'
  readonly payment_intent: string
  readonly amount: number
  readonly metadata: Readonly<Record<string, string>>
  status: 'succeeded' | 'pending' | 'failed'
}

/** A card that somebody enters, and what its bank says when it is charged without them. */
export interface TestCard {
  readonly brand: string
  readonly last4: string
  readonly exp_month: number
  readonly exp_year: number
  readonly fingerprint: string
  bank: 'takes' | 'declines' | 'wants_holder' | 'thinks'
}

export interface PaymentMethod {
  readonly id: string
  readonly object: 'payment_method'
  readonly type: 'card'
  readonly card: TestCard
  customer: string | null
}

export interface Intent {
  readonly id: string
  readonly object: 'payment_intent' | 'setup_intent'
  readonly amount: number
  readonly currency: string
  readonly customer: string | null
  readonly metadata: Readonly<Record<string, string>>
  payment_method: string | null
  status: 'requires_confirmation' | 'requires_payment_method' | 'processing' | 'succeeded' | 'canceled'
  last_payment_error: { readonly code: string; readonly message: string; readonly type: string } | null
}

export interface StripeEvent {
  readonly id: string
  readonly object: 'event'
  readonly type: string
  readonly data: { readonly object: unknown }
}

/** An answer of the stand-in. */
export interface Said {
  readonly status: number
  readonly body: unknown
}

export const refusal = (status: number, message: string, more: object = {}): Said => ({
  status,
  body: { error: { type: 'invalid_request_error', message, ...more } },
})
