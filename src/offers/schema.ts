import type { CatalogSnapshot } from '../catalog/schema.ts'
import type { Customer } from '../discounts/rules.ts'
import type { GrantedDiscount } from '../discounts/schema.ts'
import type { SubscriptionId } from '../kernel/ids.ts'
import type { Term } from '../orders/rules.ts'

/** How far ahead a purchase is to last: 0 is "now". */
export const HORIZONS = [0, 30, 90, 365] as const
export type HorizonDays = (typeof HORIZONS)[number]

/** What one usage of a tenant stands at. Storage in bytes, the rest in counts. */
export interface QuotaFact {
  readonly usageName: string
  readonly measure: 'bytes' | 'count'
  /** Base and grants together; null: unlimited. */
  readonly value: bigint | null
  readonly used: bigint
  /** By how much use grows, as units in so many days; units may be negative. Null: not enough history to say. */
  readonly growth: { readonly units: bigint; readonly days: bigint } | null
}

/** A subscription that serves the tenant, as it runs. */
export interface RunningSubscription {
  readonly id: SubscriptionId
  readonly name: string
  readonly planId: string
  readonly planPeriodId: string
  readonly trial: boolean
  readonly connector: string
  /** What is paid for now; null where use is paid for, or before it is active. */
  readonly term: Term | null
  /** Neither being worked on nor waiting for an order of its own. */
  readonly isFree: boolean
  /** Net a month, as it was agreed last. */
  readonly recurringMinor: bigint
  /** Off the period that runs. */
  readonly discount: GrantedDiscount | null
  readonly resources: readonly {
    readonly id: string
    readonly quantity: bigint
    readonly usageName: string | null
    readonly quotaPerUnit: bigint | null
  }[]
}

export interface Situation {
  /** Of the tenant whose quota purchases raise: the customer, or the unit a subscription serves. */
  readonly quotas: readonly QuotaFact[]
  /** Of the user's personal tenant; none where the quota that ran out is the tenant's own. */
  readonly personal: readonly QuotaFact[]
  /** All the account's live subscriptions that serve the tenant. */
  readonly subscriptions: readonly RunningSubscription[]
  /** Plans of which the account has a live subscription, whomever it serves. */
  readonly ownedPlanIds: ReadonlySet<string>
  /** Whose offers they are, as discounts ask. */
  readonly customer: Customer
  readonly catalog: CatalogSnapshot
  /** The customer's tax rate. */
  readonly basisPoints: number
  readonly at: Date
}

/** One order of an offer. Quantities are totals by resource id. */
export type Step =
  | {
      readonly kind: 'change'
      readonly subscriptionId: SubscriptionId
      readonly planId: string
      readonly planPeriodId: string
      readonly quantities: ReadonlyMap<string, bigint>
    }
  | {
      readonly kind: 'addon'
      readonly planId: string
      readonly planPeriodId: string
      readonly quantities: ReadonlyMap<string, bigint>
    }
  | {
      readonly kind: 'switch'
      readonly subscriptionId: SubscriptionId
      readonly fromPlanId: string
      readonly planId: string
      readonly planPeriodId: string
      readonly quantities: ReadonlyMap<string, bigint>
    }

/** A purchase that ends the shortage. Amounts are minor units of the catalogue's currency, tax included unless said. */
export interface Offer {
  readonly steps: readonly Step[]
  /** Quotas that it changes, each with what it is and what it becomes. */
  readonly raises: readonly { readonly usageName: string; readonly from: bigint; readonly to: bigint }[]
  readonly todayNetMinor: bigint
  readonly todayTaxMinor: bigint
  readonly todayMinor: bigint
  /** What all that runs costs more a month afterwards; negative where it costs less. */
  readonly extraMonthlyMinor: bigint
  /** Today's charge and the extra months up to the horizon, thirty times: the unit in which days are whole. */
  readonly costOfThirty: bigint
  /** Days until the next shortage by the trend; null: use does not grow, or nobody knows. */
  readonly coversDays: number | null
}

/** Why an offer is shown first: a key of the message catalogue and what fills it. */
export interface Reason {
  readonly key: 'offer.reason.covers' | 'offer.reason.ends' | 'offer.reason.shorter'
  readonly values: Readonly<Record<string, string | number>>
}

export type Answer =
  /** Nothing is short any more. */
  | { readonly kind: 'solved' }
  /** Only the personal quota ran out: an administrator can give more of what the tenant has. */
  | { readonly kind: 'reassign'; readonly items: readonly Reassignment[] }
  /** Nothing that is sold ends it; or an order that will is under way. */
  | { readonly kind: 'contact'; readonly isOrderUnderWay: boolean }
  | {
      readonly kind: 'offers'
      readonly horizonDays: HorizonDays
      readonly reason: Reason
      readonly recommended: Offer
      /** The second best first. None of them is dearer than another that does as much. */
      readonly alternatives: readonly Offer[]
      /** Beside it: what ran out for the user alone. */
      readonly reassign: readonly Reassignment[]
    }

/** A personal quota that the tenant has room for. */
export interface Reassignment {
  readonly usageName: string
  readonly from: bigint
  readonly to: bigint
}
