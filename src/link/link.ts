import type { Params } from './params.ts'

/** A quantity preset for a resource of the plan. Both are decimal integers, written as text. */
export interface LinkResource {
  readonly id: string
  readonly quantity: string
}

/** The typed link: one shape, with the names of the wire, in SDK, CLI and API (spec/buy-links.md "Reading it"). */
export interface Link {
  /** Everything before the `?`; empty when only a query was given. */
  readonly base: string
  readonly application: {
    readonly plan_id: string
    readonly plan_period_id: string
    readonly resources: readonly LinkResource[]
  }
  /** `amount` is a decimal in the reseller's currency, above zero, without braces. */
  readonly topup: { readonly amount: string } | null
  readonly manager_key: string | null
  /** Opaque; null means a sales order. */
  readonly order_type: string | null
  readonly skip_all_steps: boolean
  /** Google Analytics' cross-domain value, handed on. */
  readonly ga: string | null
  /** `lang`, and every name we do not know: kept and handed on. */
  readonly other: Params
}

/**
 * What could be read of a link that has problems: null stands for a part that is missing or wrong. `part` is the path
 * by which problems name the item or the resource.
 */
export interface LinkDraft extends Omit<Link, 'application' | 'topup'> {
  readonly application: ApplicationDraft | null
  readonly topup: TopupDraft | null
}

export interface ApplicationDraft {
  readonly part: string
  readonly plan_id: string | null
  readonly plan_period_id: string | null
  readonly resources: readonly ResourceDraft[]
}

export interface ResourceDraft {
  readonly part: string
  readonly id: string | null
  readonly quantity: string | null
}

export interface TopupDraft {
  readonly part: string
  readonly amount: string | null
}

export type LinkErrorCode =
  | 'no_items'
  | 'application_missing'
  | 'too_many_applications'
  | 'item_type_missing'
  | 'item_type_unknown'
  | 'topup_duplicate'
  | 'topup_without_application'
  | 'plan_missing'
  | 'period_missing'
  | 'id_invalid'
  | 'resource_invalid'
  | 'amount_missing'
  | 'amount_invalid'

export type LinkWarningCode =
  | 'amount_braces'
  | 'skip_value'
  | 'order_type_unknown'
  | 'unknown_key'
  | 'items_indexed'
  | 'manager_key_unmatched'

/**
 * Something wrong with one part of a link, or something to know about it, in words for the person who made the link.
 * `part` is a path such as `items[0].plan_id`; `position` the offset in the query of the pair at fault, of the item when
 * a part of it is missing, null when the link has nothing of it at all.
 */
export interface LinkProblem<Code extends string = LinkErrorCode | LinkWarningCode> {
  readonly code: Code
  readonly part: string
  readonly position: number | null
  readonly message: string
  readonly suggestion?: string
}

export type LinkError = LinkProblem<LinkErrorCode>
export type LinkWarning = LinkProblem<LinkWarningCode>
