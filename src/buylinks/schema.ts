/** What a checkout will order; kept as `checkouts.selection`. */
export interface Selection {
  readonly planId: string
  readonly planPeriodId: string
  /** Total of each resource that was asked for; absent ones take their minimum. */
  readonly quantities: Readonly<Record<string, bigint>>
  readonly topupMinor: bigint | null
  readonly attributes: Readonly<Record<string, string>>
  readonly skipAllSteps: boolean
  readonly orderType: string | null
  readonly ga: string | null
  /** As it is kept; no link carries one (facts A6.5). */
  readonly promoCode?: string | null
}
