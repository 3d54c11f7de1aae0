/** What a query says, as Rack nests it: text, lists and hashes. A key without `=` has the value null. */
export type ParamValue = string | null | Params | ParamValue[]

/** A hash of a query. It has no prototype, so a key such as `__proto__` or `constructor` is plain data. */
export interface Params {
  [key: string]: ParamValue
}

/** An empty hash. */
export const newParams = (): Params => Object.create(null) as Params // `Object.create` is typed `any`

/** Tells a hash from text, a list and nothing. */
export const isParams = (value: ParamValue | undefined): value is Params =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The elements of a list. A list written with indexes (`a[0][x]=1&a[1][x]=2`, as PHP's `http_build_query` and `qs` do)
 * is a hash to Rack; it holds the same things, so it counts as a list here, in ascending order of the indexes.
 *
 * @returns null when the value is no list at all.
 */
export function listOf(value: ParamValue | undefined): ParamValue[] | null {
  if (Array.isArray(value)) return value
  if (!isParams(value)) return null
  return Object.keys(value).every((key) => /^(0|[1-9]\d{0,3})$/.test(key)) ? Object.values(value) : null
}
