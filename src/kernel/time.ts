/** Where "now" comes from. A value that is passed in, never SQL `now()`: a reseller may have a test clock. */
export interface Clock {
  now(): Date
  /** Whose it is, where it is a sandbox's own; undefined: everybody's but sandboxes. */
  readonly sellerId?: string
}

export const systemClock: Clock = { now: () => new Date() }

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

export const addDays = (at: Date, days: number): Date => new Date(at.getTime() + days * DAY_MS)

/** Adds whole months in UTC; a day the target month lacks becomes its last day (31 January + 1 month = 28 or 29 February). */
export function addMonths(at: Date, months: number): Date {
  const target = new Date(at)
  const day = at.getUTCDate()
  target.setUTCDate(1)
  target.setUTCMonth(target.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate()
  target.setUTCDate(Math.min(day, lastDay))
  return target
}
