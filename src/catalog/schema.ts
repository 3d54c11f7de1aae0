import type { Generated } from 'kysely'
import type { Discount } from '../discounts/schema.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Decimal } from '../kernel/decimal.ts'

export type BillingType = 'pay_in_full' | 'pay_as_you_go_internal' | 'pay_as_you_go_external'
export type PaymentModel = 'prepay' | 'postpay'
/** What a price below net cost is met with. */
export type BelowCost = 'warn' | 'refuse'
export type PlanStatus = 'draft' | 'active' | 'retired'

/** How long a period runs; a period without one is endless. */
export interface Duration {
  readonly value: number
  readonly unit: 'days' | 'months' | 'years'
}

/** What a customer orders of a plan: a length of time with its fees. Fees are minor units of the price list's currency. */
export interface PlanPeriod {
  readonly id: string
  readonly duration: Duration | null
  readonly trial: boolean
  readonly isPublic: boolean
  /** Once, when the subscription is ordered. */
  readonly setupFeeMinor: bigint
  /** For each month of the period. */
  readonly recurringFeeMinor: bigint
  readonly renewalFeeMinor: bigint
}

/** What is sold in quantities within a plan. Totals include `included`; only what exceeds it costs. */
export interface PlanResource {
  readonly id: string
  readonly name: string
  /** What one unit is called: `100 GB`, `workstation`. */
  readonly unit: string
  readonly kind: 'unit' | 'boolean'
  readonly included: bigint
  readonly minimum: bigint
  /** Null: unlimited. */
  readonly limit: bigint | null
  readonly isPublic: boolean
  readonly setupFeeMinor: bigint
  readonly recurringFeeMinor: bigint
  readonly renewalFeeMinor: bigint
  readonly overuseFeeMinor: bigint
  /** Pay as you go: major currency units per unit and hour, exact. */
  readonly unitPrice: Decimal | null
  /** Which quota one unit raises, and by how much (bytes for storage). */
  readonly quota: { readonly usageName: string; readonly perUnit: bigint } | null
}

/** A question the order must answer, such as the domain to protect. */
export interface OrderAttribute {
  readonly key: string
  readonly label: string
  readonly required: boolean
}

export interface Plan {
  readonly id: string
  readonly productId: string
  readonly name: string
  readonly summary: string
  readonly status: PlanStatus
  readonly isPublic: boolean
  readonly billingType: BillingType
  readonly paymentModels: readonly PaymentModel[]
  readonly minimumTopupMinor: bigint | null
  readonly secondSubscription: 'allow' | 'ask' | 'refuse'
  readonly orderAttributes: readonly OrderAttribute[]
  readonly connector: string
  readonly defaultPeriodId: string | null
  readonly successorId: string | null
  readonly switchablePlanIds: readonly string[]
  readonly addonToPlanIds: readonly string[]
  /** In the order in which they are shown. */
  readonly periods: readonly PlanPeriod[]
  readonly resources: readonly PlanResource[]
  /** What it costs those on the way down, the seller first; none for a plan of the seller's own. */
  readonly costs?: readonly PlanCost[]
  /** What the seller asks for each 1.00 that its owner asks, in the currency of each; none for a plan of the seller's own. */
  readonly factor?: Decimal
}

/** What a reseller pays for a plan to the one above: that one's prices in the reseller's currency, before any markup. */
export interface PlanCost {
  readonly resellerId: SellerId
  readonly supplierId: SellerId
  readonly currency: string
  readonly periods: readonly PlanPeriod[]
  readonly resources: readonly PlanResource[]
  /** For each 1.00 that the plan's owner asks. */
  readonly factor: Decimal
}

/** Where products stand together in the store. */
export interface Category {
  readonly id: string
  readonly name: string
  readonly slug: string
  readonly description: string
  readonly position: number
}

/** A picture on a product's page; `alt` says what it shows, empty where nothing was said. */
export interface Screenshot {
  readonly url: string
  readonly alt: string
}

export interface Product {
  readonly id: string
  readonly categoryId: string | null
  readonly name: string
  readonly marketingName: string
  readonly summary: string
  readonly description: string
  readonly slug: string
  readonly published: boolean
  readonly logoUrl: string | null
  /** In the order in which they are shown. */
  readonly screenshots: readonly Screenshot[]
}

export interface TaxRate {
  /** ISO 3166-1 alpha-2, or `*` for any country without a rate of its own. */
  readonly country: string
  readonly customerType: 'business' | 'person' | '*'
  readonly name: string
  readonly basisPoints: number
  /** A business that gives a VAT id of the country's form is charged nothing and accounts for the tax itself. */
  readonly reverseCharge: boolean
}

/** The tax of one customer: `isReversed` where they account for it themselves, and `basisPoints` is 0. */
export interface AppliedTax extends TaxRate {
  readonly isReversed: boolean
}

/**
 * All that one seller sells, at its own prices, as of one version of its price list. Prices are computed from it by
 * pure rules; the statement that writes an order confirms `version`.
 */
export interface CatalogSnapshot {
  readonly sellerId: SellerId
  readonly version: bigint
  readonly currency: string
  /** The seller's own, and those of products it sells on. */
  readonly categories: ReadonlyMap<string, Category>
  readonly products: ReadonlyMap<string, Product>
  readonly plans: ReadonlyMap<string, Plan>
  /** Plan of each period, to tell "not of this plan" from "not found". */
  readonly planOfPeriod: ReadonlyMap<string, string>
  readonly taxRates: readonly TaxRate[]
  /** Of the seller's own, those that need no code. */
  readonly discounts: readonly Discount[]
}

declare module '../platform/db.ts' {
  interface Database {
    price_lists: {
      seller_id: SellerId
      version: bigint
      currency: string
      below_cost: Generated<BelowCost>
      updated_at: Date
    }
    products: {
      id: bigint
      seller_id: SellerId
      category_id: bigint | null
      name: string
      marketing_name: string
      summary: string
      description: string
      slug: string
      published: boolean
      position: number
      logo_url: string | null
      screenshot_urls: Generated<string[]>
      screenshot_texts: Generated<string[]>
      version: Generated<bigint>
    }
    product_pictures: { id: string; product_id: bigint; seller_id: SellerId; bytes: Buffer; added_at: Date }
    categories: {
      id: bigint
      seller_id: SellerId
      name: string
      slug: string
      description: Generated<string>
      position: Generated<number>
      version: Generated<bigint>
    }
    tax_rates: {
      seller_id: SellerId
      country: string
      customer_type: 'business' | 'person' | '*'
      name: string
      rate_basis_points: number
      reverse_charge: Generated<boolean>
    }
    plan_delegations: {
      seller_id: SellerId
      plan_id: bigint
      delegated_by: SellerId
      active: boolean
      markup_basis_points: number
      fixed_prices: string | null
      exchange_rate: string
    }
  }
}
