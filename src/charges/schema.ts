import type { SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'
import type { Period } from './rules.ts'

/** A pay-as-you-go subscription whose usage is counted here (billing type pay as you go: pushed, or pulled from its service). */
export interface MeteredSubscription {
  readonly sellerId: SellerId
  readonly id: SubscriptionId
  readonly accountId: TenantId
  /** Whose usage it is. */
  readonly tenantId: TenantId
  readonly planId: string
  readonly currency: string
  readonly activatedAt: Date
  readonly paymentModel: 'prepay' | 'postpay'
  readonly country: string | null
  readonly customerType: 'business' | 'person'
  readonly vatId: string
  /** Of the account's class. */
  readonly billingDay: number
}

/** How far a subscription is rated. */
export interface Rating {
  readonly ratedUntil: Date
  /** The one that is open. */
  readonly period: Period
  readonly seenAt: Date
  readonly corrections: number
}

/** One hour of one resource as it was rated. `unitPrice` in 10^−12 major units. */
export interface ConsumptionRecord {
  readonly resourceId: string
  readonly hour: Date
  readonly corrects: number
  /** First day of the period that it is charged in. */
  readonly period: string
  readonly quantity: bigint
  readonly perUnit: bigint
  readonly unitPrice: string
  /** What a unit costs those on the way down, the seller first, each in its currency; null for a plan of the seller's own. */
  readonly unitCosts: readonly string[] | null
}

declare module '../platform/db.ts' {
  interface Database {
    ratings: {
      seller_id: SellerId
      subscription_id: SubscriptionId
      rated_until: Date
      period: string
      period_ends: string
      seen_at: Date
      corrections: number
    }
    consumption_records: {
      seller_id: SellerId
      subscription_id: SubscriptionId
      resource_id: bigint
      hour: Date
      corrects: number
      period: string
      quantity: bigint
      per_unit: bigint
      unit_price: string
      unit_costs: string[] | null
    }
    told_amounts: {
      seller_id: SellerId
      id: string
      subscription_id: SubscriptionId
      source: string
      event_id: string
      resource_id: bigint
      at: Date
      received_at: Date
      amount: string
      net_cost: string | null
      period: string | null
      factor: string | null
      factor_costs: string[] | null
    }
    charges: {
      seller_id: SellerId
      subscription_id: SubscriptionId
      resource_id: bigint
      period: string
      period_ends: string
      account_id: TenantId
      status: 'blocked' | 'closed'
      exact: string
      per_unit: bigint
      currency: string
      net_minor: bigint
      tax_minor: bigint
      tax_basis_points: number
      created_at: Date
      updated_at: Date
      closed_at: Date | null
    }
  }
}
