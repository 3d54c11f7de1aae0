import type { WireMoney } from '../../../kernel/money.ts'

export interface Named {
  readonly id: string
  readonly name: string
}

export interface Discount {
  readonly id: string
  readonly version: number
  readonly name: string
  readonly needsCode: boolean
  readonly percent: string | null
  readonly amount: WireMoney | null
  readonly fees: readonly ('setup' | 'recurring' | 'renewal')[]
  readonly periods: number | null
  readonly productIds: readonly string[]
  readonly planIds: readonly string[]
  readonly planPeriodIds: readonly string[]
  /** Only for these customers; none: for everybody. */
  readonly accounts: readonly Named[]
  /** Only for who has one of these plans; none: for everybody. */
  readonly ownedPlanIds: readonly string[]
  readonly startsAt: string | null
  readonly endsAt: string | null
  readonly active: boolean
  /** What it would sell below net cost. */
  readonly belowCost: readonly string[]
}

export interface PromoCode {
  readonly code: string
  readonly maxUses: string | null
  readonly maxUsesPerAccount: number | null
  readonly uses: string
  readonly active: boolean
}

/** An order that was given the discount. */
export interface Use {
  readonly order: { readonly id: string; readonly number: string; readonly status: string }
  readonly account: { readonly id: string; readonly name: string }
  readonly code: string | null
  readonly net: WireMoney
  readonly createdAt: string
}
