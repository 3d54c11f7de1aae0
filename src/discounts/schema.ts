import { z } from 'zod'
import type { Id, OrderId, SellerId, TenantId } from '../kernel/ids.ts'

export type DiscountId = Id<'discount'>

/** What of a price a discount reduces. */
export const Fee = z.enum(['setup', 'recurring', 'renewal'])
export type Fee = z.infer<typeof Fee>

/** A share of what it applies to, or an amount off each period, in minor units of the seller's currency. */
export type Off =
  | { readonly kind: 'percent'; readonly basisPoints: number }
  | { readonly kind: 'amount'; readonly amountMinor: bigint }

/** What a discount takes off, whenever it does. */
export interface Terms {
  readonly id: DiscountId
  readonly name: string
  readonly off: Off
  readonly fees: readonly Fee[]
  /** Of how many periods, the first counted in; null: of every one. */
  readonly periods: number | null
}

/** A discount that may be taken off an order now, or from an instant on. Empty lists of ids: all that is sold, all who buy. */
export interface Discount extends Terms {
  readonly productIds: readonly string[]
  readonly planIds: readonly string[]
  readonly planPeriodIds: readonly string[]
  /** Only for these payer accounts. */
  readonly accountIds: readonly TenantId[]
  /** Only for who has one of these plans already. */
  readonly ownedPlanIds: readonly string[]
  readonly startsAt: Date | null
  readonly endsAt: Date | null
}

/** As its seller wrote it. */
export interface OwnDiscount extends Discount {
  readonly sellerId: SellerId
  /** Taken off only for who names one of its codes. */
  readonly needsCode: boolean
  readonly active: boolean
  readonly version: bigint
  readonly createdAt: Date
}

export interface PromoCode {
  readonly code: string
  readonly discountId: DiscountId
  /** Null: without limit. */
  readonly maxUses: bigint | null
  readonly maxUsesPerAccount: number | null
  readonly uses: bigint
  readonly active: boolean
  readonly createdAt: Date
}

/** A code that an account names, with its discount and how often the account has used it. */
export interface NamedCode extends Pick<PromoCode, 'code' | 'maxUses' | 'maxUsesPerAccount' | 'uses'> {
  readonly discount: Discount
  /** The code and its discount are both on. */
  readonly isActive: boolean
  readonly usesOfAccount: bigint
}

/**
 * A discount that an order was given, as the order keeps it and the subscription after it: bigints as decimal strings,
 * since JSON has none.
 */
export interface GrantedDiscount {
  readonly id: DiscountId
  readonly name: string
  readonly code: string | null
  readonly percent_basis_points: number | null
  readonly amount_minor: string | null
  readonly fees: readonly Fee[]
  /** Periods that it is still to be taken off after this one; null: all of them. */
  readonly periods_left: number | null
  /** What it takes off this order, net and tax, and how much of the net is off the recurring fees. */
  readonly net_minor: string
  readonly tax_minor: string
  readonly recurring_minor: string
}

declare module '../platform/db.ts' {
  interface Database {
    discounts: {
      seller_id: SellerId
      id: DiscountId
      name: string
      needs_code: boolean
      percent_basis_points: number | null
      amount_minor: bigint | null
      fees: readonly Fee[]
      periods: number | null
      product_ids: readonly string[]
      plan_ids: readonly string[]
      plan_period_ids: readonly string[]
      account_ids: readonly TenantId[]
      owned_plan_ids: readonly string[]
      starts_at: Date | null
      ends_at: Date | null
      active: boolean
      version: bigint
      created_at: Date
      updated_at: Date
    }
    promo_codes: {
      seller_id: SellerId
      code: string
      discount_id: DiscountId
      max_uses: bigint | null
      max_uses_per_account: number | null
      uses: bigint
      active: boolean
      created_at: Date
    }
    promo_uses: {
      seller_id: SellerId
      order_id: OrderId
      code: string
      account_id: TenantId
      created_at: Date
      returned_at: Date | null
    }
  }
}
