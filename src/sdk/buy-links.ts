import type { LinkProblem } from '../link/index.ts'

/** A decimal string and its ISO 4217 currency. */
export interface Money {
  readonly amount: string
  readonly currency: string
}

export interface Named {
  readonly id: string
  readonly name: string
}

/** A plan period; `duration` is null where it has no end. */
export interface Period {
  readonly id: string
  readonly trial: boolean
  readonly duration: { readonly value: number; readonly unit: 'days' | 'months' | 'years' } | null
}

/** What a buy-link will do, as `POST /api/v1/buy-links/explain` answers. Null stands for what the link does not reach. */
export interface Explanation {
  readonly valid: boolean
  readonly store: { readonly name: string; readonly origin: string } | null
  readonly product: Named | null
  readonly plan: Named | null
  readonly period: Period | null
  /** Total of each resource that will be ordered. */
  readonly resources: readonly (Named & { readonly unit: string; readonly quantity: string })[]
  /** What the order will list, net. */
  readonly lines: readonly { readonly description: string; readonly quantity: string; readonly net: Money }[]
  readonly net: Money | null
  readonly tax: Money | null
  /** Today's total of the order, tax included. */
  readonly total: Money | null
  readonly topup: Money | null
  /** The steps the customer will see, in order. */
  readonly steps: readonly string[]
  /** Whether a manager will be linked; null when the link carries no key. */
  readonly attributed: boolean | null
  /** Told to the reseller's own people only. */
  readonly manager: { readonly name: string } | null
  readonly errors: readonly LinkProblem<string>[]
  readonly warnings: readonly LinkProblem<string>[]
}
