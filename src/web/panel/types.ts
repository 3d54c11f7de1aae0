import type { WireMoney } from '../../kernel/money.ts'
import type { DurationValue } from '../messages/text.ts'

/** Shapes of `/api/v1` as the panels read them, camelCase (converted once, in api.ts). Times are RFC 3339. */
/** Who did something, as far as this session may know. */
export interface KnownActor {
  readonly kind: string
  readonly id: string | null
  readonly name: string | null
  readonly above: boolean
}
export interface HistoryEntry {
  readonly at: string
  readonly type: string
  /** What a service was asked for, of `provisioning.…`. */
  readonly operation: string | null
  readonly actor: KnownActor
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

export interface Account {
  /** Why it is on hold; empty while it is not. */
  readonly holdReason: string
  readonly id: string
  readonly number: number | string
  readonly name: string
  readonly registration: 'quick' | 'full'
  readonly status: string
  readonly customerType: 'business' | 'person'
  readonly companyName: string
  readonly vatId: string
  readonly country: string | null
  readonly region: string
  readonly city: string
  readonly street: string
  readonly zip: string
  readonly phone: string
  readonly currency: string
  readonly manager: { readonly id: string; readonly name: string } | null
  readonly balance: WireMoney
  readonly createdAt: string
  readonly version: number | string
}

export interface PriceLine {
  readonly kind: string
  readonly description: string
  readonly quantity: number | string
  readonly months: number | string
  readonly unit: WireMoney
  readonly net: WireMoney
  readonly tax: WireMoney
}

export interface CheckoutPeriod {
  readonly id: string
  readonly trial: boolean
  readonly duration: DurationValue
  readonly setupFee: WireMoney
  readonly recurringFee: WireMoney
  readonly total: WireMoney
}

export interface CheckoutResource {
  readonly id: string
  readonly name: string
  readonly unit: string
  readonly kind: 'unit' | 'boolean'
  readonly included: number | string
  readonly minimum: number | string
  readonly limit: number | string | null
  readonly quantity: number | string
  readonly recurringFee: WireMoney
  readonly setupFee: WireMoney
  readonly unitPrice: string | null
  readonly orderable: boolean
}

export interface Checkout {
  readonly id: string
  readonly type: string
  readonly status: 'open' | 'placed' | 'expired'
  readonly version: number | string
  readonly createdAt: string
  readonly expiresAt: string
  readonly accountId: string
  readonly orderId: string | null
  readonly product: { readonly id: string; readonly name: string; readonly slug: string }
  readonly plan: { readonly id: string; readonly name: string; readonly billingType: string }
  readonly paymentModel: string
  readonly periods: readonly CheckoutPeriod[]
  readonly planPeriodId: string
  readonly resources: readonly CheckoutResource[]
  readonly attributes: readonly {
    readonly key: string
    readonly label: string
    readonly required: boolean
    readonly type: string
    readonly value: string | null
  }[]
  readonly topup: WireMoney | null
  readonly steps: readonly string[]
  readonly trial: boolean
  readonly lines: readonly PriceLine[]
  readonly net: WireMoney
  readonly tax: WireMoney
  readonly total: WireMoney
  readonly taxRatePercent: string
  readonly reverseCharge: boolean
  readonly discount: { readonly name: string; readonly net: WireMoney } | null
  readonly promo: {
    readonly code: string
    readonly status: 'applied' | 'beaten' | 'refused'
    readonly message: string
  } | null
  readonly dueToday: WireMoney
  readonly renewal: { readonly amount: WireMoney; readonly at: string | null } | null
  readonly termsUrl: string | null
  readonly privacyUrl: string | null
  readonly seller: { readonly name: string }
  readonly warnings?: readonly { readonly code: string; readonly message: string }[]
  readonly existing: readonly {
    readonly subscriptionId: string
    readonly name: string
    readonly status: string
    readonly intents: readonly ('change' | 'renew' | 'top_up')[]
  }[]
  readonly secondSubscription: 'allow' | 'ask' | 'refuse'
  /** Of a draft that changes what runs. */
  readonly registrationComplete: boolean
  readonly orderType: string | null
  readonly change: {
    readonly subscription: { readonly id: string; readonly name: string }
    readonly resources: readonly { readonly id: string; readonly before: string; readonly after: string }[]
    readonly period: {
      readonly startsAt: string
      readonly endsAt: string
      readonly daysLeft: number
      readonly days: number
    }
    readonly recurringBefore: WireMoney
    readonly recurring: WireMoney
    readonly needsConsent: boolean
    readonly balance: WireMoney
    readonly coveredByBalance: boolean
    readonly usageAbove: readonly { readonly usageName: string }[]
  } | null
}

export interface AccountRef {
  readonly id: string
  readonly number: number | string
  readonly name: string
}

export interface Order {
  readonly id: string
  /** Of all that one click, call or alert led to. */
  readonly correlationId: string
  readonly number: string
  readonly type: string
  readonly status: 'waiting_for_payment' | 'provisioning' | 'provisioning_failed' | 'completed' | 'cancelled'
  readonly account: AccountRef
  readonly subscription: {
    readonly id: string
    readonly number: number | string
    readonly name: string
    readonly status: string
  } | null
  readonly payment: {
    readonly id: string
    readonly number: string
    readonly purpose: string
    readonly method: string
    readonly status: string
    readonly total: WireMoney
    readonly received: WireMoney
  } | null
  readonly manager: { readonly id: string; readonly name: string } | null
  readonly lines?: readonly PriceLine[]
  readonly net?: WireMoney
  readonly reverseCharge?: boolean
  readonly tax?: WireMoney
  readonly total: WireMoney
  readonly orderType?: string | null
  readonly createdAt: string
  readonly expiresAt: string | null
  readonly closedAt: string | null
  readonly cancelReason?: string | null
  readonly version: number | string
  readonly history?: readonly HistoryEntry[]
  readonly provisioning?: {
    readonly status: string
    readonly attempts: number
    readonly lastError: string | null
  } | null
}

export interface Payment {
  readonly id: string
  readonly number: string
  readonly purpose: 'order' | 'top_up'
  readonly method: string
  /** How it can be paid now; only where one payment is read. */
  readonly payableBy?: readonly ('bank_transfer' | 'balance' | 'card')[]
  readonly status: 'waiting_for_payment' | 'processing' | 'completed' | 'paid_from_balance' | 'cancelled' | 'expired'
  readonly account: AccountRef
  readonly order: { readonly id: string; readonly number: string } | null
  /** What it is for: the plan ordered. */
  readonly description: string
  readonly subscriptionId: string | null
  readonly total: WireMoney
  readonly received: WireMoney
  readonly outstanding: WireMoney
  readonly createdAt: string
  readonly expiresAt: string | null
  readonly closedAt: string | null
  readonly instructions?: { readonly reference: string; readonly bankDetails: string } | null
  readonly receipts?: readonly {
    readonly id: string
    readonly amount: WireMoney
    readonly reference: string
    readonly receivedAt: string
    readonly approvedBy: unknown
  }[]
  /** What is to be paid first, to take the account off credit hold; only where one payment is read. */
  readonly after?: { readonly id: string; readonly number: string; readonly total: WireMoney } | null
  readonly leavesHold?: boolean
  readonly version: number | string
}

export interface Subscription {
  readonly id: string
  readonly number: number | string
  readonly name: string
  readonly status: string
  readonly account: AccountRef
  readonly product: { readonly id: string; readonly name: string; readonly slug: string }
  readonly plan: { readonly id: string; readonly name: string }
  readonly period: { readonly id: string; readonly duration: DurationValue; readonly trial: boolean }
  readonly paymentModel: string
  readonly billingType: string
  readonly trial: boolean
  readonly recurring: WireMoney | null
  readonly activatedAt: string | null
  readonly expiresAt: string | null
  readonly createdAt: string
  readonly resources: readonly {
    readonly id: string
    readonly name: string
    readonly unit: string
    readonly quantity: number | string
    readonly included: number | string
    readonly usageName: string | null
  }[]
  readonly quotas: readonly {
    readonly usageName: string
    readonly value: number | string | null
    readonly granted: number | string
    readonly used: number | string | null
  }[]
  readonly autoRenew: boolean
  readonly endsWithPeriod: boolean
  readonly periodEndsAt: string | null
  readonly stopReason: 'expired' | 'cancelled' | 'administrative' | 'credit_hold' | 'unpaid' | null
  readonly stopsAt: string | null
  readonly deletesAt: string | null
  readonly operation: {
    readonly operation: string
    readonly status: string
    readonly lastError: string | null
    readonly byOrder: boolean
  } | null
  readonly history: readonly HistoryEntry[]
  readonly version: number | string
}

export interface Mail {
  readonly id: string
  readonly recipient: string
  readonly subject: string
  readonly purpose: string
  readonly status: 'queued' | 'kept' | 'sent' | 'failed'
  readonly createdAt: string
  readonly sentAt: string | null
  readonly lastError: string | null
  readonly html?: string
  readonly bodyText?: string
}

export interface Manager {
  readonly id: string
  readonly name: string
  readonly key: string | null
  readonly active: boolean
}

export interface SoldPlan {
  readonly id: string
  readonly name: string
  readonly product: { readonly id: string; readonly name: string; readonly slug: string }
  readonly status: string
  readonly public: boolean
  readonly billingType: string
  readonly periods: readonly {
    readonly id: string
    readonly duration: DurationValue
    readonly trial: boolean
    readonly public: boolean
    readonly setupFee: WireMoney
    readonly recurringFee: WireMoney
  }[]
  readonly resources: readonly {
    readonly id: string
    readonly name: string
    readonly unit: string
    readonly included: string
    readonly minimum: string
    readonly limit: string | null
    readonly recurringFee: WireMoney
  }[]
  readonly buyLink: string | null
  readonly tryLink: string | null
}

/** One thing wrong with a link. */
export interface LinkIssue {
  readonly code: string
  readonly part?: string
  readonly path?: string
  readonly message: string
  readonly suggestion?: string
}
