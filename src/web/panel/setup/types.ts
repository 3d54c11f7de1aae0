import type { WireMoney } from '../../../kernel/money.ts'
import type { DurationValue } from '../../messages/text.ts'
import type { KnownActor } from '../types.ts'

/** Shapes of the catalogue, stores and the tree as the portal edits them, camelCase. */
export interface TenantNode {
  readonly id: string
  readonly number: string
  readonly name: string
  readonly kind: 'root' | 'partner' | 'folder' | 'customer' | 'unit'
  readonly enabled: boolean
  readonly hasChildren: boolean
  readonly above: readonly { readonly id: string; readonly name: string }[]
}

export interface Store {
  readonly id: string
  readonly sellerName: string
  readonly version: number
  readonly name: string
  readonly status: 'active' | 'inactive' | 'maintenance'
  readonly domains: readonly string[]
  readonly externalApplicationUrl: string | null
  readonly termsUrl: string | null
  readonly privacyUrl: string | null
  readonly bankDetails: string
  readonly pages: readonly InfoPage[]
}

/** A page of a store in Markdown. */
export interface InfoPage {
  readonly slug: string
  readonly title: string
  readonly body: string
  readonly published: boolean
}

export interface Product {
  readonly id: string
  readonly version: number
  readonly name: string
  readonly categoryId: string | null
  readonly summary: string
  readonly description: string
  readonly slug: string
  readonly published: boolean
  readonly logoUrl: string | null
  readonly screenshots: readonly Screenshot[]
}

export interface Screenshot {
  readonly url: string
  readonly alt: string
}

export interface Category {
  readonly id: string
  readonly version: number
  readonly name: string
  readonly slug: string
  readonly description: string
}

export interface EditedPeriod {
  readonly id?: string
  readonly duration: DurationValue
  readonly trial: boolean
  readonly public: boolean
  readonly setupFee: WireMoney
  readonly recurringFee: WireMoney
  readonly renewalFee: WireMoney
}

/** What an order of the plan has to say. */
export interface OrderAttribute {
  readonly key: string
  readonly label: string
  readonly required: boolean
}

export interface EditedResource {
  readonly id?: string
  readonly name: string
  readonly unit: string
  readonly kind: 'unit' | 'boolean'
  readonly public: boolean
  readonly included: string
  readonly minimum: string
  readonly limit: string | null
  readonly setupFee: WireMoney
  readonly recurringFee: WireMoney
  readonly renewalFee: WireMoney
  readonly overuseFee: WireMoney
  readonly unitPrice: string | null
  readonly quota: { readonly usageName: string; readonly perUnit: string } | null
}

export interface EditedPlan {
  readonly id: string
  readonly version: number
  readonly productId: string
  readonly name: string
  readonly summary: string
  readonly status: 'draft' | 'active' | 'retired'
  readonly public: boolean
  readonly billingType: 'pay_in_full' | 'pay_as_you_go_internal' | 'pay_as_you_go_external'
  readonly paymentModels: readonly ('prepay' | 'postpay')[]
  readonly minimumTopup: WireMoney | null
  readonly secondSubscription: 'allow' | 'ask' | 'refuse'
  readonly orderAttributes: readonly OrderAttribute[]
  readonly connector: string
  readonly defaultPeriodId: string | null
  readonly successorId: string | null
  readonly switchablePlanIds: readonly string[]
  readonly addonToPlanIds: readonly string[]
  readonly launched: boolean
  readonly currency: string
  readonly periods: readonly EditedPeriod[]
  readonly resources: readonly EditedResource[]
}

export interface AuditEntry {
  readonly id: string
  readonly at: string
  readonly action: string
  readonly subject: { readonly kind: string; readonly id: string }
  readonly tenant: { readonly id: string; readonly name: string }
  readonly actor: KnownActor
  readonly details: Readonly<Record<string, unknown>>
}

export interface Explained {
  readonly valid: boolean
  readonly plan: { readonly name: string } | null
  readonly total: WireMoney | null
  readonly topup: WireMoney | null
  readonly lines: readonly { readonly description: string; readonly quantity: string; readonly net: WireMoney }[]
  readonly steps: readonly string[]
  readonly attributed: boolean | null
  readonly manager: { readonly name: string } | null
  readonly errors: readonly Issue[]
  readonly warnings: readonly Issue[]
}

interface Issue {
  readonly code: string
  readonly part: string
  readonly message: string
  readonly suggestion?: string
}

export interface Resale {
  readonly seller: { readonly id: string; readonly name: string }
  readonly belowCost: 'warn' | 'refuse'
  readonly items: readonly Resold[]
}

export interface TaxRate {
  readonly country: string
  readonly customerType: 'business' | 'person' | '*'
  readonly reverseCharge: boolean
  readonly name: string
  readonly percent: string
}

/** A plan of those above that a reseller sells on, or could. */
export interface Resold {
  readonly plan: { readonly id: string; readonly name: string }
  readonly product: { readonly id: string; readonly name: string }
  readonly from: { readonly id: string; readonly name: string }
  readonly sold: boolean
  readonly decides: boolean
  readonly markupPercent: string
  readonly exchangeRate: string
  readonly currency: string
  readonly currencyAbove: string
  readonly periods: readonly { readonly id: string; readonly duration: DurationValue }[]
  readonly resources: readonly { readonly id: string; readonly name: string; readonly unit: string }[]
  readonly prices: readonly {
    readonly key: string
    readonly itemId: string
    readonly fee: 'setup' | 'recurring' | 'renewal' | 'overuse' | 'unit_price'
    readonly netCost: string
    readonly computed: string
    readonly price: string
    readonly fixed: boolean
    readonly belowCost: boolean
  }[]
}
