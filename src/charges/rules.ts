import { taxOn } from '../catalog/rules.ts'
import { type Decimal, divideHalfUp, toScale } from '../kernel/decimal.ts'
import { minorDigits } from '../kernel/money.ts'
import { HOUR_MS } from '../kernel/time.ts'

/** Digits of a unit price in the books: more than any price list has. */
export const PRICE_SCALE = 12

/** The billing period that an hour belongs to: the first day of its UTC month, `2026-03-01`. */
export const periodOf = (hour: Date): string => `${hour.toISOString().slice(0, 7)}-01`

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
