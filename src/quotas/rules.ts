import type { MeasurementUnit, QuotaLimits, QuotaState } from './schema.ts'

/** Storage is almost used up from here (spec/upsell.md "Quotas and usage"). */
export const ALMOST_REACHED_PERCENT = 80n

/** An alert that comes back within this time is the same one. */
export const REOPEN_MS = 10 * 60_000

/**
 * How a quota stands. Bytes are almost reached from 80 % of the value and reached from 100 %, once anything is used;
 * counts are reached above the value. Either is exceeded above the hard limit.
 */
export function stateOf(unit: MeasurementUnit, used: bigint, { value, overage }: QuotaLimits): QuotaState {
  if (value === null || used <= 0n) return 'fine'
  if (overage !== null && used > value + overage) return 'exceeded'
  if (unit === 'quantity') return used > value ? 'reached' : 'fine'
  if (used >= value) return 'reached'
  return used * 100n >= value * ALMOST_REACHED_PERCENT ? 'almost_reached' : 'fine'
}

/** To links and offers a soft value that was passed is exceeded too. */
export const isOver = (state: QuotaState): boolean => state === 'reached' || state === 'exceeded'

/** Base plus grants, never below nothing; null where the base is unlimited. */
export const valueOf = (base: bigint | null, granted: bigint): bigint | null =>
  base === null ? null : base + granted > 0n ? base + granted : 0n

/** How much more a hard limit lets through; null: as much as one likes. */
export function roomOf(used: bigint, { value, overage }: QuotaLimits): bigint | null {
  if (value === null || overage === null) return null
  const room = value + overage - used
  return room > 0n ? room : 0n
}

/** Whether `units` more may be used: a soft quota never refuses, a hard one above its limit. */
export const mayUse = (used: bigint, units: bigint, { value, overage }: QuotaLimits): boolean =>
  value === null || overage === null || used + units <= value + overage

/** Whose tenant a quota stands at: facts §5.3. A unit is a user's personal tenant, or a department. */
export type QuotaLevel = 'partner' | 'customer' | 'department' | 'user'

/** Why a quota cannot be set there, in words; undefined when it can (facts §5.3). */
export function whyNoQuota(level: QuotaLevel, limits: Pick<QuotaLimits, 'overage'>): string | undefined {
  if (level === 'department') return 'A unit has no quotas: set those of its users, or the customer’s.'
  if (level === 'partner' && limits.overage !== null) return 'A partner’s or folder’s quota is soft: it has no overage.'
  return undefined
}
