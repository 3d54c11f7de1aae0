import { taxOn } from '../catalog/rules.ts'
import { type Decimal, divideHalfUp, toScale } from '../kernel/decimal.ts'
import { minorDigits } from '../kernel/money.ts'
import { HOUR_MS } from '../kernel/time.ts'

/** Digits of a unit price in the books: more than any price list has. */
export const PRICE_SCALE = 12

/** A billing period: its first day, and the day after its last one. UTC dates such as `2026-03-01`. */
export interface Period {
  readonly starts: string
  readonly ends: string
}

/** The instant that a date begins at. */
const startOf = (day: string): Date => new Date(`${day}T00:00:00Z`)

const dayIn = (year: number, month: number, billingDay: number): string =>
  new Date(Date.UTC(year, month, billingDay)).toISOString().slice(0, 10)

/** The first billing day after a date. Every month has it: it is the 28th at the latest (facts A3.9). */
function nextBillingDay(day: string, billingDay: number): string {
  const at = startOf(day)
  const isLater = at.getUTCDate() >= billingDay
  return dayIn(at.getUTCFullYear(), at.getUTCMonth() + (isLater ? 1 : 0), billingDay)
}

/**
 * The billing period that an hour belongs to, by the UTC day that it begins on: from one billing day to the next.
 *
 * @param billingDay From 1 to 28. With 1 it is the month.
 */
export function periodOf(hour: Date, billingDay: number): Period {
  const isBefore = hour.getUTCDate() < billingDay
  const starts = dayIn(hour.getUTCFullYear(), hour.getUTCMonth() - (isBefore ? 1 : 0), billingDay)
  return { starts, ends: nextBillingDay(starts, billingDay) }
}

/** Whether an instant lies before the end of a period. */
export const isWithin = ({ ends }: Period, at: Date): boolean => at < startOf(ends)

/** Whether an instant lies before a period, so in one that is closed. */
export const isBefore = ({ starts }: Period, at: Date): boolean => at < startOf(starts)

/**
 * The period of an hour that is not before the open one. The open one keeps the end that it began with; those after it go
 * from where it ends to the next billing day of now, so that a change of the day leaves no hour out and has none twice:
 * the first period after it is shorter.
 */
export function periodFrom(open: Period, hour: Date, billingDay: number): Period {
  let period = open
  while (!isWithin(period, hour)) period = { starts: period.ends, ends: nextBillingDay(period.ends, billingDay) }
  return period
}

/** Hours by their periods, in their order, from the open one on. */
export function byPeriod(
  open: Period,
  hours: readonly Date[],
  billingDay: number,
): { readonly period: Period; readonly hours: readonly Date[] }[] {
  const parts: { readonly period: Period; readonly hours: Date[] }[] = []
  for (const hour of hours) {
    const last = parts.at(-1)
    const period = periodFrom(last?.period ?? open, hour, billingDay)
    if (last?.period.starts === period.starts) last.hours.push(hour)
    else parts.push({ period, hours: [hour] })
  }
  return parts
}

/** Between what it was asked to and what it was, a subscription ran: from activation on, but for its pauses. */
export interface Running {
  readonly activatedAt: Date
  /** The earliest first; the last may not have ended. */
  readonly pauses: readonly { readonly startsAt: Date; readonly endsAt: Date | null }[]
}

/**
 * The whole hours that a service ran and that lie between two instants, each by its beginning, the earliest first. Hours
 * are counted from activation, and anew from the end of each pause; what is left of an hour when it stops is not charged.
 *
 * @param limit At most this many.
 */
export function hoursBetween({ activatedAt, pauses }: Running, from: Date, until: Date, limit = Infinity): Date[] {
  const hours: Date[] = []
  const starts = [activatedAt, ...pauses.map(({ endsAt }) => endsAt)]
  for (const [index, start] of starts.entries()) {
    if (start === null) break
    const end = Math.min(pauses[index]?.startsAt.getTime() ?? Infinity, until.getTime())
    const skipped = Math.max(0, Math.ceil((from.getTime() - start.getTime()) / HOUR_MS))
    for (let time = start.getTime() + skipped * HOUR_MS; time + HOUR_MS <= end; time += HOUR_MS) {
      if (hours.length >= limit) return hours
      hours.push(new Date(time))
    }
  }
  return hours
}

/** Whether it stands still, so that no hour of it is to come before it starts again. */
export const isPaused = ({ pauses }: Running): boolean => pauses.at(-1)?.endsAt === null

/** What an hour of `quantity` adds to a charge's `exact`: quantity × price, the price in 10^−12 major units. */
export const exactOf = (quantity: bigint, unitPrice: Decimal): bigint => quantity * toScale(unitPrice, PRICE_SCALE)

export interface ChargeAmount {
  readonly netMinor: bigint
  readonly taxMinor: bigint
}

/**
 * The amount of a charge from all that was consumed so far, rounded once (spec/commerce.md "Money": a usage charge is
 * round(cumulative so far) − round(already charged)). So the same usage gives the same amount in any order and batch.
 *
 * @param exact Sum of {@link exactOf}.
 * @param perUnit Units of usage that the price is for: bytes of a gigabyte, 1 for counts.
 */
export function amountOf(exact: bigint, perUnit: bigint, currency: string, basisPoints: number): ChargeAmount {
  const netMinor = divideHalfUp(exact * 10n ** BigInt(minorDigits(currency)), perUnit * 10n ** BigInt(PRICE_SCALE))
  return { netMinor, taxMinor: taxOn(netMinor, basisPoints) }
}
