import { type Expression, type RawBuilder, sql } from 'kysely'

/** The rows of a select as one JSON text: several selects, each over the columns of one row, take one round trip. */
export const asJson = (select: Expression<unknown>): RawBuilder<string> =>
  sql<string>`(select coalesce(json_agg(r), '[]')::text from (${select}) r)`

/**
 * What `asJson` gave.
 *
 * @param kinds Names of columns whose values JSON has no type for: times, and integers that keep all their digits.
 */
export function rowsFromJson<Row>(
  text: string,
  kinds: { readonly integers?: readonly (keyof Row)[]; readonly times?: readonly (keyof Row)[] } = {},
): Row[] {
  const integers: readonly PropertyKey[] = kinds.integers ?? []
  const times: readonly PropertyKey[] = kinds.times ?? []
  // The digits themselves are the third argument (TC39 "JSON.parse source text access").
  const revive = (name: string, value: unknown, context?: { readonly source?: string }): unknown => {
    if (typeof value === 'number' && integers.includes(name)) return BigInt(context?.source ?? value)
    return typeof value === 'string' && times.includes(name) ? new Date(value) : value
  }
  return JSON.parse(text, revive as (name: string, value: unknown) => unknown) as Row[]
}
