import type { OwnUsage, UsageChange } from './schema.ts'

export interface TimedChange {
  readonly at: Date
  readonly change: UsageChange
}

const ZERO: OwnUsage = { own: 0n, valueAt: null, hasDeltas: false }

/**
 * What a tenant itself uses once these changes are known too: the value with the latest time, plus every delta after it.
 * Of two values of one instant the larger counts. So the order and the batches in which changes arrive do not matter.
 *
 * @returns undefined where values and deltas meet: then it is folded again from the record, {@link ownUsageOf}.
 */
export function foldChanges(before: OwnUsage | undefined, changes: readonly TimedChange[]): OwnUsage | undefined {
  const own = before ?? ZERO
  const deltas = changes.filter(({ change }) => 'delta' in change)
  if (deltas.length === changes.length) {
    if (own.valueAt !== null) return undefined
    return { own: own.own + sumOf(deltas), valueAt: null, hasDeltas: true }
  }
  return deltas.length > 0 || own.hasDeltas ? undefined : fold(own, changes)
}

/** The same from all changes there are. */
export const ownUsageOf = (changes: readonly TimedChange[]): OwnUsage => fold(ZERO, changes)

function fold(before: OwnUsage, changes: readonly TimedChange[]): OwnUsage {
  let { own, valueAt } = before
  for (const { at, change } of changes) {
    if (!('value' in change)) continue
    if (valueAt === null || at > valueAt || (at.getTime() === valueAt.getTime() && change.value > own)) {
      own = change.value
      valueAt = at
    }
  }
  const later = changes.filter(({ at, change }) => 'delta' in change && (valueAt === null || at > valueAt))
  const hasDeltas = before.hasDeltas || changes.some(({ change }) => 'delta' in change)
  return { own: own + sumOf(later), valueAt, hasDeltas }
}

export const sumOf = (changes: readonly TimedChange[]): bigint =>
  changes.reduce((sum, { change }) => sum + ('delta' in change ? change.delta : 0n), 0n)

/** The day of an instant, UTC: `2026-03-01`. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10)
