import { DAY_MS } from '../kernel/time.ts'

export interface CreditTerms {
  /** Below it an account is on hold at once; negative: how far below zero it may go. Minor units. */
  readonly holdThresholdMinor: bigint
  /** How long it may be below zero, in days; -1: as long as it likes. */
  readonly subzeroPeriodDays: number
}

export interface CreditDecision {
  readonly isOnHold: boolean
  /** Since when it has been below zero; null while it is not. */
  readonly subzeroSince: Date | null
}

/**
 * Whether what an account may spend puts it on credit hold: below the threshold of its class, or below zero for longer
 * than its sub-zero period (spec/commerce.md "Money", facts A3.7, A4.1). What may be spent has the held funds taken off.
 */
export function decideCredit(
  availableMinor: bigint,
  subzeroSince: Date | null,
  { holdThresholdMinor, subzeroPeriodDays }: CreditTerms,
  now: Date,
): CreditDecision {
  const since = availableMinor < 0n ? (subzeroSince ?? now) : null
  const isTooLow = availableMinor < holdThresholdMinor
  const isTooLong =
    since !== null && subzeroPeriodDays >= 0 && now.getTime() - since.getTime() >= subzeroPeriodDays * DAY_MS
  return { isOnHold: isTooLow || isTooLong, subzeroSince: since }
}

/** A balance that lasts no longer than this is told to be low: the time to pay by bank transfer. */
export const LOW_BALANCE_HOURS = 72

/**
 * How many whole hours what may be spent lasts at the rate of the last hour.
 *
 * @param exactPerHour 10^−12 major units an hour, of everything the account runs.
 * @returns undefined where nothing is used.
 */
export function hoursLeft(availableMinor: bigint, exactPerHour: bigint, minorDigits: number): number | undefined {
  if (exactPerHour <= 0n) return undefined
  if (availableMinor <= 0n) return 0
  const hours = (availableMinor * 10n ** BigInt(12 - minorDigits)) / exactPerHour
  return hours > 1_000_000n ? 1_000_000 : Number(hours)
}
