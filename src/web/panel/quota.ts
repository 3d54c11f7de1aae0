import type { PageText } from '../messages/use-text.ts'

export type QuotaState = 'within' | 'almost' | 'reached'

/** Storage is almost reached from 80 % and reached from 100 %; counts are exceeded above their value (spec/upsell.md). */
export function quotaState(usageName: string, used: number, value: number | null): QuotaState {
  if (value === null) return 'within'
  if (usageName !== 'storage') return used > value ? 'reached' : 'within'
  if (used > 0 && used >= value) return 'reached'
  return used > 0 && used >= value * 0.8 ? 'almost' : 'within'
}

const BINARY = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const

/** Storage in binary units (1 GB = 1,073,741,824 bytes), everything else counted. */
export function usageText(text: Pick<PageText, 'number'>, usageName: string, amount: number): string {
  if (usageName !== 'storage') return text.number(amount)
  let unit = 0
  let value = amount
  while (value >= 1024 && unit < BINARY.length - 1 && (value >= 10_000 || unit < 3)) {
    value /= 1024
    unit++
  }
  const digits = value >= 100 || Number.isInteger(value) ? 0 : 1
  return `${text.number(Number(value.toFixed(digits)))} ${BINARY[unit]}`
}
