/** An exact decimal: `units` × 10^−`scale`. Unit prices and factors; never floating point. */
export interface Decimal {
  readonly units: bigint
  readonly scale: number
}

const PATTERN = /^(-)?(\d{1,30})(?:\.(\d{1,18}))?$/

/** Reads a plain decimal such as `-12.340`; anything else (exponents, blanks, signs `+`) is `undefined`. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = PATTERN.exec(text)
  if (!match) return undefined
  const fraction = match[3] ?? ''
  const units = BigInt((match[2] ?? '') + fraction)
  return { units: match[1] ? -units : units, scale: fraction.length }
}

/** Like `parseDecimal`, for text that a constraint already checked. @throws {RangeError} It is no decimal. */
export function decimal(text: string): Decimal {
  const value = parseDecimal(text)
  if (!value) throw new RangeError(`Not a decimal: ${text}`)
  return value
}

/** Divides by `divisor` > 0, halves away from zero (commercial rounding, `spec/commerce.md` "Money"). */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  const sign = dividend < 0n ? -1n : 1n
  const magnitude = dividend * sign
  return sign * ((2n * magnitude + divisor) / (2n * divisor))
}

/** The value in units of 10^−`scale`, halves away from zero. */
export function toScale(value: Decimal, scale: number): bigint {
  if (scale >= value.scale) return value.units * 10n ** BigInt(scale - value.scale)
  return divideHalfUp(value.units, 10n ** BigInt(value.scale - scale))
}

/** Writes the shortest plain form: `12.34`, `-0.5`, `7`. */
export function formatDecimal({ units, scale }: Decimal): string {
  const fixed = formatFixed(units, scale)
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed
}

/** Writes `units` with exactly `scale` fraction digits: (4900n, 2) is `49.00`. */
export function formatFixed(units: bigint, scale: number): string {
  const sign = units < 0n ? '-' : ''
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
