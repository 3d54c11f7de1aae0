import { formatAmount, parseAmount, type WireMoney } from '../../kernel/money.ts'

/** Exact arithmetic on wire money, for what a page shows beside the server's own totals. */
const minor = ({ amount, currency }: WireMoney): bigint => parseAmount(amount, currency) ?? 0n
const money = (amountMinor: bigint, currency: string): WireMoney => ({
  amount: formatAmount(amountMinor, currency),
  currency,
})

export const isZero = (value: WireMoney): boolean => minor(value) === 0n
export const compare = (a: WireMoney, b: WireMoney): number => Number(minor(a) - minor(b))
export const minus = (a: WireMoney, b: WireMoney): WireMoney => money(minor(a) - minor(b), a.currency)

export const times = (a: WireMoney, count: number): WireMoney => money(minor(a) * BigInt(count), a.currency)

/** What a typed amount means, or why it cannot be one: `12.5` and `12,50` are both 12.50. */
export function readAmount(typed: string, currency: string): WireMoney | null {
  const amountMinor = parseAmount(
    typed
      .trim()
      .replace(/\s/g, '')
      .replace(/,(?=\d{1,3}$)/, '.'),
    currency,
  )
  return amountMinor === undefined || amountMinor <= 0n ? null : money(amountMinor, currency)
}

/** A month of a plan with chosen quantities: the period's fee and every unit above what is included. */
export function monthlyOf(
  periodFee: WireMoney,
  resources: readonly {
    readonly quantity: number | string
    readonly included: number | string
    readonly recurringFee: WireMoney
  }[],
): WireMoney {
  const chargeable = (quantity: bigint): bigint => (quantity > 0n ? quantity : 0n)
  const total = resources.reduce(
    (sum, { quantity, included, recurringFee }) =>
      sum + chargeable(BigInt(quantity) - BigInt(included)) * minor(recurringFee),
    minor(periodFee),
  )
  return money(total, periodFee.currency)
}
