/** One generic conversion at this edge: snake_case on the wire, camelCase here. Values are left alone. */

/** Objects whose keys are a customer's data and not ours. */
const OPAQUE = new Set(['attributes', 'templates'])

export const toCamel = (key: string): string => key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
export const toSnake = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** Renames every key of a JSON value by `rename`, but for the keys inside `OPAQUE` objects. */
export function renameKeys(value: unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renameKeys(item, rename))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      rename(key),
      OPAQUE.has(key) && !Array.isArray(inner) ? inner : renameKeys(inner, rename),
    ]),
  )
}
