/** One field that a configuration file changes; `from` null where it is new, `to` null where it goes. */
export interface ConfigurationChange {
  readonly path: string
  readonly from: string | null
  readonly to: string | null
}

/** What applying a reseller's file does, or would do. */
export interface ConfigurationPlan {
  readonly seller_id: string
  readonly reseller: string
  readonly is_new: boolean
  readonly applied: boolean
  readonly changes: readonly ConfigurationChange[]
  /** Hand it in as `expected`, and only what was looked at is applied. */
  readonly digest: string
}
