import { formatFixed, parseDecimal, toScale } from './decimal.ts'

/** Money inside: integer minor units (cents for USD, yen for JPY) and an ISO 4217 code. */
export interface Money {
  readonly amountMinor: bigint
  readonly currency: string
}

/** Money on the wire: `{"amount": "199.99", "currency": "EUR"}`. */
export interface WireMoney {
  readonly amount: string
  readonly currency: string
}

const digits = new Map<string, number>()

/** Fraction digits of a currency by ISO 4217: 2 for USD, 0 for JPY, 3 for KWD. @throws {RangeError} No such code. */
export function minorDigits(currency: string): number {
  let known = digits.get(currency)
  if (known === undefined) {
    known = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
    digits.set(currency, known)
  }
  return known
}

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

/** Whether it is a code of ISO 4217 (capitals). */
export const isCurrency = (code: string): boolean => currencies.has(code)

/** Minor units of a decimal amount; `undefined` where it is no decimal or has more digits than the currency. */
export function parseAmount(amount: string, currency: string): bigint | undefined {
  const value = parseDecimal(amount)
  const scale = minorDigits(currency)
  return !value || value.scale > scale ? undefined : toScale(value, scale)
}

/** A decimal string with exactly the currency's fraction digits: (4900n, 'USD') is `49.00`. */
export const formatAmount = (amountMinor: bigint, currency: string): string =>
  formatFixed(amountMinor, minorDigits(currency))

export const toWire = ({ amountMinor, currency }: Money): WireMoney => ({
  amount: formatAmount(amountMinor, currency),
  currency,
})

/**
 * Splits an amount by weights without losing or inventing a cent.
 * Leftover units go to the largest remainders (Hamilton's method), ties to the earlier part.
 *
 * @param amountMinor Minor units; negative for a refund.
 * @returns One amount per weight, in order, summing to `amountMinor`.
 * @throws {RangeError} A weight is negative or all are zero: our mistake, not the customer's.
 */
export function allocate(amountMinor: bigint, weights: readonly bigint[]): bigint[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n)
  if (total <= 0n || weights.some((weight) => weight < 0n)) throw new RangeError('Weights must be ≥ 0 and not all zero')
  const sign = amountMinor < 0n ? -1n : 1n
  const magnitude = amountMinor * sign
  const parts = weights.map((weight) => (magnitude * weight) / total)
  let left = magnitude - parts.reduce((sum, part) => sum + part, 0n)
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (magnitude * weight) % total }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))
  for (const { index } of byRemainder) {
    if (left-- <= 0n) break
    parts[index] = (parts[index] ?? 0n) + 1n
  }
  return parts.map((part) => part * sign)
}
