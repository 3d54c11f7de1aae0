import type { HorizonDays, Offer, QuotaFact, Step } from './schema.ts'

/**
 * Whether a use is well below a quota (spec/upsell.md "Quotas and usage"): storage below 80 % of it, of anything else
 * not more than it.
 */
export const isWell = ({ measure, value }: Pick<QuotaFact, 'measure' | 'value'>, used: bigint): boolean =>
  value === null || used === 0n || (measure === 'bytes' ? used * 10n < value * 8n : used <= value)

export const isShort = (fact: QuotaFact): boolean => !isWell(fact, fact.used)

/** The smallest quota that a use is well below. */
export const leastQuota = (measure: QuotaFact['measure'], used: bigint): bigint =>
  measure === 'bytes' && used > 0n ? (used * 10n) / 8n + 1n : used

/** By how much a user's own quota rises with the customer's: as much, at least until the user is short no more. */
export function personalRise(
  { measure, value, used }: { measure: QuotaFact['measure']; value: bigint | null; used: bigint | null },
  tenantRise: bigint,
): bigint {
  if (value === null) return 0n
  const missing = leastQuota(measure, used ?? 0n) - value
  return missing > tenantRise ? missing : tenantRise
}

/** What will be used in so many days, by the trend; never less than today. */
export const usedIn = ({ used, growth }: QuotaFact, days: number): bigint =>
  growth === null || growth.units <= 0n ? used : used + ceilDivide(growth.units * BigInt(days), growth.days)

/** Whole days that a quota will last, by the trend; null where use does not grow. */
export function daysUntilShort({ measure, used, growth }: QuotaFact, value: bigint): number | null {
  if (growth === null || growth.units <= 0n) return null
  const most = measure === 'bytes' ? ceilDivide(value * 8n, 10n) - 1n : value
  return most < used ? 0 : Number(((most - used) * growth.days) / growth.units)
}

/** Divides numbers ≥ 0, rounding up. */
export const ceilDivide = (dividend: bigint, divisor: bigint): bigint => (dividend + divisor - 1n) / divisor

/** Thirty times the cost up to the horizon: today's charge and the extra recurring, at least one month of it. */
export const costOfThirty = (todayMinor: bigint, extraMonthlyMinor: bigint, horizonDays: HorizonDays): bigint =>
  todayMinor * 30n + extraMonthlyMinor * BigInt(Math.max(30, horizonDays))

/** What offers are ordered by: cost, then lower recurring, fewer actions, lower ids (spec/upsell.md "The closed loop"). */
export type Rank = Pick<Offer, 'costOfThirty' | 'extraMonthlyMinor'> & {
  readonly actions: number
  /** Of each step, ascending. Only ties ask for them. */
  readonly ids: () => readonly (readonly bigint[])[]
}

export const compareRank = (one: Rank, other: Rank): number =>
  compare(one.costOfThirty, other.costOfThirty) ||
  compare(one.extraMonthlyMinor, other.extraMonthlyMinor) ||
  one.actions - other.actions ||
  compareIds(one.ids(), other.ids())

const compare = (one: bigint, other: bigint): number => (one < other ? -1 : one > other ? 1 : 0)

type Ids = ReturnType<Rank['ids']>

function compareIds(one: Ids, other: Ids): number {
  for (const [index, ids] of one.entries()) {
    const found = compareList(ids, other[index] ?? [])
    if (found !== 0) return found
  }
  return one.length - other.length
}

export function compareList(one: readonly bigint[], other: readonly bigint[]): number {
  for (const [index, id] of one.entries()) {
    const against = other[index]
    if (against === undefined) return 1
    if (id !== against) return id < against ? -1 : 1
  }
  return one.length - other.length
}

/** Whether an offer leaves every quota at least as high as another does. */
export function doesAsMuch(one: Pick<Offer, 'raises'>, other: Pick<Offer, 'raises'>): boolean {
  return other.raises.every(({ usageName, from, to }) => {
    const own = one.raises.find((each) => each.usageName === usageName)
    return (own?.to ?? from) >= to
  })
}

export const subscriptionOf = (step: Step): string | null => (step.kind === 'addon' ? null : step.subscriptionId)

/** Where a customer may be led back to: an address on one of these hosts, else nowhere. */
export function safeReturn(wish: string | null, hosts: ReadonlySet<string>): string | null {
  if (wish === null || !URL.canParse(wish)) return null
  const url = new URL(wish)
  const isPlain = (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === ''
  return isPlain && hosts.has(url.host) ? url.href : null
}

/** Fewer days of history say nothing. */
const LEAST_DAYS = 7

/**
 * How use grows: the slope of the straight line that lies nearest to its daily values (least squares), exact. Null:
 * not enough data.
 *
 * @param samples `day` counts days from anywhere.
 */
export function growthOf(samples: readonly { readonly day: number; readonly value: bigint }[]): QuotaFact['growth'] {
  if (samples.length < LEAST_DAYS) return null
  const first = Math.min(...samples.map(({ day }) => day))
  const n = BigInt(samples.length)
  let [days, values, squares, products] = [0n, 0n, 0n, 0n]
  for (const { day, value } of samples) {
    const x = BigInt(day - first)
    days += x
    values += value
    squares += x * x
    products += x * value
  }
  return { units: n * products - days * values, days: n * squares - days * days }
}
