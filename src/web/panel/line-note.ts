import type { PageText } from '../messages/use-text.ts'
import type { PriceLine } from './types.ts'

/** Parts of a month as people read them. */
const short = (months: number | string): number => Math.round(Number(months) * 100) / 100

/** How a line's amount came about, where it is not just its one price: `3 × $4.00`, `1 × $45.00, 12 months`. */
export function lineNote(text: PageText, { quantity, months, unit }: PriceLine): string | undefined {
  const values = { quantity: text.number(quantity), amount: text.money(unit), months: text.number(short(months)) }
  if (Number(months) !== 1 && Number(months) !== 0) return text.t('line.months', values)
  return Number(quantity) === 1 ? undefined : text.t('line.times', values)
}
