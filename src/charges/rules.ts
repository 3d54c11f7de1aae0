import { taxOn } from '../catalog/rules.ts'
import { type Decimal, divideHalfUp, toScale } from '../kernel/decimal.ts'
import { minorDigits } from '../kernel/money.ts'
import { HOUR_MS } from '../kernel/time.ts'

/** Digits of a unit price in the books: more than any price list has. */
export const PRICE_SCALE = 12

/** The billing period that an hour belongs to: the first day of its UTC month, `2026-03-01`. */
export const periodOf = (hour: Date): string => `${hour.toISOString().slice(0, 7)}-01`

/** Hours that have ended and are not rated yet, each by its beginning; at most `limit`. */
export function hoursToRate(ratedUntil: Date, now: Date, limit: number): Date[] {
  const count = Math.floor((now.getTime() - ratedUntil.getTime()) / HOUR_MS)
  return Array.from(
    { length: Math.max(0, Math.min(count, limit)) },
    (_, index) => new Date(ratedUntil.getTime() + index * HOUR_MS),
  )
}

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
