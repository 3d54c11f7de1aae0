import type { Link, LinkProblem } from '../link/index.ts'

/** A decimal string and its ISO 4217 currency. */
export interface Money {
  readonly amount: string
  readonly currency: string
}

export interface Named {
  readonly id: string
  readonly name: string
}

/** What a buy-link will do, as `POST /api/v1/buy-links/explain` answers. Null stands for what the link does not reach. */
export interface Explanation {
  readonly valid: boolean
  readonly product: Named | null
  readonly plan: Named | null
  readonly period: Named | null
  /** What the order will list, net. */
  readonly lines: readonly { readonly description: string; readonly quantity: string | number; readonly net: Money }[]
  /** Today's total, tax included. */
  readonly total: Money | null
  readonly tax: Money | null
  readonly topup: Money | null
  /** The steps the customer will see, in order. */
  readonly steps: readonly string[]
  /** Whether a manager will be linked; null when the link carries no key, or the caller may not know. */
  readonly attributed: boolean | null
  readonly errors: readonly LinkProblem<string>[]
  readonly warnings: readonly LinkProblem<string>[]
  readonly link: Link | null
}
