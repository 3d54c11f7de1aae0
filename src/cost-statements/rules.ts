import { divideHalfUp } from '../kernel/decimal.ts'

/** A posting that moved the income of an order, among all of that order. Minor units. */
export interface IncomeMove {
  readonly kind: string
  /** Net of the whole order, as it was priced. */
  readonly orderNetMinor: bigint
  /** What of it is left as income before and after. */
  readonly beforeMinor: bigint
  readonly afterMinor: bigint
}

/**
 * What a posting adds to the cost of its order, or takes off: all of it when the order is booked; in the proportion of the
 * income where a part is given back; all that is left where the order is returned. Rounded half up from the whole, so
 * that what is added and taken off is never more than the cost.
 *
 * @param costMinor Of the whole order.
 */
export function costOf({ kind, orderNetMinor, beforeMinor, afterMinor }: IncomeMove, costMinor: bigint): bigint {
  const share = (left: bigint): bigint =>
    orderNetMinor === 0n ? costMinor : divideHalfUp(costMinor * left, orderNetMinor)
  const before = kind === 'order_booked' ? 0n : share(beforeMinor)
  const after = kind === 'order_returned' ? 0n : share(afterMinor)
  return after - before
}

/** First day of the UTC month of an instant, `2026-03-01`. */
export const monthOf = (at: Date): string => `${at.toISOString().slice(0, 7)}-01`

/** When the UTC month that an instant is in began. */
export const monthStart = (at: Date): Date => new Date(`${monthOf(at)}T00:00:00Z`)

/** First day of the month before. */
export const monthBefore = (month: string): string => monthOf(new Date(Date.parse(`${month}T00:00:00Z`) - 1))

/**
 * Months in which lines are stated: that of each, or, where a statement of it is out already, the last one that is over.
 *
 * @param stated Months that have a statement.
 * @param last The last month that is over.
 */
export function spread<Line extends { readonly at: Date }>(
  lines: readonly Line[],
  stated: ReadonlySet<string>,
  last: string,
): Map<string, Line[]> {
  const due = lines.filter(({ at }) => monthOf(at) <= last)
  const months = Map.groupBy(due, ({ at }) => (stated.has(monthOf(at)) ? last : monthOf(at)))
  // What comes late to the last month itself waits for the next one.
  return new Map([...months].filter(([month]) => !stated.has(month)).sort(([a], [b]) => (a < b ? -1 : 1)))
}
