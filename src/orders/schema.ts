import { z } from 'zod'
import type { Channel } from '../attribution/rules.ts'
import type { Selection } from '../buylinks/schema.ts'
import type { BillingType, PaymentModel } from '../catalog/schema.ts'
import type { GrantedDiscount } from '../discounts/schema.ts'
import type { Money } from '../kernel/money.ts'
import type { CheckoutId, CorrelationId, OrderId, SellerId, StoreId, SubscriptionId, TenantId } from '../kernel/ids.ts'

export const OrderStatus = z.enum([
  'waiting_for_payment',
  'provisioning',
  'provisioning_failed',
  'completed',
  'cancelled',
])
export type OrderStatus = z.infer<typeof OrderStatus>
export const OrderType = z.enum(['sales', 'renewal', 'change', 'switch', 'prolong'])
export type OrderType = z.infer<typeof OrderType>

/** Monthly fees of a plan that were announced to those who have it, by period and by resource, in minor units. */
export interface AnnouncedPrice {
  readonly effectiveAt: Date
  readonly announcedAt: Date
  readonly periods: ReadonlyMap<string, bigint>
  readonly resources: ReadonlyMap<string, bigint>
}

export interface Checkout {
  readonly sellerId: SellerId
  readonly id: CheckoutId
  readonly type: OrderType
  /** The subscription that all but a sales order is about. */
  readonly subscriptionId: SubscriptionId | null
  readonly status: 'open' | 'placed' | 'expired'
  readonly accountId: TenantId
  readonly storeId: StoreId
  readonly selection: Selection
  readonly managerKey: string | null
  /** How the key came, as it is stored; null without one. */
  readonly touch: { readonly channel: Channel; readonly at: string | null } | null
  readonly orderId: OrderId | null
  readonly correlationId: CorrelationId
  readonly version: bigint
  readonly createdAt: Date
  readonly expiresAt: Date
}

export interface PlaceRequest {
  readonly checkoutId: CheckoutId
  /** What the customer was shown. */
  readonly expectedTotal: Money
  readonly acceptTerms: boolean
  /** The customer was told of the subscription of this plan that is there already. */
  readonly allowSecond: boolean
  /** Of a change: the price a month that was shown; needed where it is higher than before. */
  readonly acceptRecurring?: Money | undefined
  /** Of a change: pays at once from the account's balance. */
  readonly payFromBalance?: boolean | undefined
}

/** An order as operations lock it; what pages show is `OrderView`. */
export interface Order {
  readonly sellerId: SellerId
  readonly id: OrderId
  readonly number: string
  readonly type: OrderType
  readonly status: OrderStatus
  readonly accountId: TenantId
  readonly subscriptionId: SubscriptionId
  readonly checkoutId: CheckoutId
  readonly currency: string
  readonly netMinor: bigint
  readonly taxMinor: bigint
  readonly totalMinor: bigint
  readonly correlationId: CorrelationId
  /** The order that this one takes back. */
  readonly reversesOrderId: OrderId | null
}

/** What an order was priced from, kept with it for good: names, fees and quantities of that day. */
export interface OrderSnapshot {
  readonly product: { readonly id: string; readonly name: string; readonly slug: string }
  readonly plan: { readonly id: string; readonly name: string; readonly billing_type: BillingType }
  readonly period: {
    readonly id: string
    readonly trial: boolean
    readonly duration: { readonly value: number; readonly unit: 'days' | 'months' | 'years' } | null
  }
  readonly payment_model: PaymentModel
  readonly tax: { readonly name: string; readonly basis_points: number; readonly reverse_charge?: boolean }
  readonly attributes: Readonly<Record<string, string>>
  readonly ga: string | null
  /** What was taken off; its line is among the order's. */
  readonly discount?: GrantedDiscount
  /** Of a change: what the subscription has once it is completed. */
  readonly change?: OrderedChange
  /** Of a plan of somebody above: what it costs those on the way down, the seller first. */
  readonly net_costs?: readonly OrderedCost[]
}

/** What an order costs a reseller at the prices of the one above; minor units as a decimal string. */
export interface OrderedCost {
  readonly reseller_id: SellerId
  readonly supplier_id: SellerId
  readonly currency: string
  readonly net_minor: string
}

/** Bigints as decimal strings, since JSON has none. */
export interface OrderedChange {
  readonly resources: readonly {
    readonly id: string
    readonly name: string
    readonly unit: string
    readonly before: string
    readonly quantity: string
    readonly included: string
    readonly usage_name: string | null
    readonly quota_per_unit: string | null
  }[]
  /** Net a month, before and after. */
  readonly recurring_before_minor: string
  readonly recurring_minor: string
  /** Of a switch: what becomes balance once it is done. Net, and its tax. */
  readonly surplus_minor?: readonly [string, string]
}

declare module '../platform/db.ts' {
  interface Database {
    price_changes: {
      seller_id: SellerId
      plan_id: bigint
      effective_at: Date
      fees: unknown
      announced_at: Date
      announced_by: unknown
    }
    checkouts: {
      seller_id: SellerId
      id: CheckoutId
      type: OrderType
      subscription_id: SubscriptionId | null
      status: 'open' | 'placed' | 'expired'
      account_id: TenantId
      store_id: StoreId
      created_by: string
      query: string
      selection: string
      manager_key: string | null
      touch: string | null
      idempotency_key: string | null
      order_id: OrderId | null
      correlation_id: CorrelationId
      version: bigint
      created_at: Date
      expires_at: Date
    }
    orders: {
      seller_id: SellerId
      id: OrderId
      number: string
      type: OrderType
      status: OrderStatus
      account_id: TenantId
      subscription_id: SubscriptionId
      checkout_id: CheckoutId
      store_id: StoreId
      manager_id: string | null
      order_type: string | null
      currency: string
      net_minor: bigint
      tax_minor: bigint
      total_minor: bigint
      price_version: bigint
      snapshot: string
      placed_by: string
      correlation_id: CorrelationId
      cancel_reason: string | null
      reverses_order_id: OrderId | null
      version: bigint
      created_at: Date
      updated_at: Date
      expires_at: Date | null
      closed_at: Date | null
    }
    order_lines: {
      seller_id: SellerId
      order_id: OrderId
      position: number
      kind: string
      item_id: bigint
      description: string
      quantity: bigint
      months: string
      unit_minor: bigint
      net_minor: bigint
      tax_minor: bigint
    }
  }
}
