import type { PageText } from '../../messages/use-text.ts'
import { usageText } from '../quota.ts'

export type Unit = 'bytes' | 'quantity'

const GB = 1n << 30n
/** Digits after the point with which every whole number of bytes can be written in gigabytes. */
const DIGITS = 30
const TEN = 10n ** BigInt(DIGITS)
const MOST = 10n ** 18n

/** An amount as people read it: bytes in binary units, counts as they are. */
export function amountText(text: Pick<PageText, 'number'>, unit: Unit, amount: bigint): string {
  const size = usageText(text, unit === 'bytes' ? 'storage' : '', Number(amount < 0n ? -amount : amount))
  return amount < 0n ? `−${size}` : size
}

/** What a field shows to be changed: gigabytes for bytes, exactly; nothing where there is no limit. */
export function shownAmount(unit: Unit, amount: string | null): string {
  if (amount === null || unit === 'quantity') return amount ?? ''
  const bytes = BigInt(amount)
  const size = bytes < 0n ? -bytes : bytes
  const rest = (((size % GB) * TEN) / GB).toString().padStart(DIGITS, '0').replace(/0+$/, '')
  return `${bytes < 0n ? '-' : ''}${size / GB}${rest === '' ? '' : `.${rest}`}`
}

/**
 * What was typed into such a field; point or comma.
 *
 * @returns null: left empty; undefined: no amount.
 */
export function readAmount(unit: Unit, typed: string): bigint | null | undefined {
  const wish = typed.trim()
  if (wish === '') return null
  const found = /^(-?)(\d{1,18})(?:[.,](\d{1,30}))?$/.exec(wish)
  if (!found) return undefined
  const [, sign, whole = '', part = ''] = found
  if (unit === 'quantity' && part !== '') return undefined
  const size = unit === 'quantity' ? BigInt(whole) : BigInt(whole) * GB + (BigInt(part.padEnd(DIGITS, '0')) * GB) / TEN
  if (size >= MOST) return undefined
  return sign === '-' ? -size : size
}
