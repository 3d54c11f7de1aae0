import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import { BuylinkError } from '../../kernel/errors.ts'
import type { Db, Tx } from '../db.ts'
import { decodeCursor, toPage, Uuid } from './schemas.ts'

/** What a list is compared by: a column of its rows, or what is made of one. */
export interface SortKey {
  readonly by: RawBuilder<unknown>
  readonly holds: 'text' | 'number'
}

/** How a list can be sorted and searched. */
export interface Listing {
  /** By names of the wire: `created_at`, or `-created_at` for the other way round. */
  readonly keys: Readonly<Record<string, SortKey>>
  /** Without a wish: by id, as things came to be. */
  readonly first: 'oldest' | 'newest'
  /** What its ids are; UUIDs unless said. */
  readonly id?: z.ZodType<string>
  /** Columns of the rows that `query` is looked for in: a part of any of them, small and capital letters alike. */
  readonly search?: readonly (string | RawBuilder<unknown>)[]
}

export const listing = (
  first: Listing['first'],
  keys: Listing['keys'],
  more: Pick<Listing, 'id' | 'search'> = {},
): Listing => ({ first, keys, ...more })

const columnOf = (column: string | RawBuilder<unknown>): RawBuilder<unknown> =>
  typeof column === 'string' ? sql.ref(`x.${column}`) : column

/** Words, small and capital letters alike; nothing before anything. A cursor carries the key, so it is cut: equal ones go by id. */
export const byText = (column: string | RawBuilder<unknown>): SortKey => ({
  by: sql`left(lower(coalesce(${columnOf(column)}::text, '')), 60)`,
  holds: 'text',
})

export const byNumber = (column: string | RawBuilder<unknown>): SortKey => ({
  by: sql`coalesce(${columnOf(column)}::numeric, '-Infinity')`,
  holds: 'number',
})

/** What has not happened comes after all that has. */
export const byTime = (column: string | RawBuilder<unknown>): SortKey => ({
  by: sql`extract(epoch from coalesce(${columnOf(column)}, 'infinity'))`,
  holds: 'number',
})

/** Input of a list, beside its filters: `z.object({ ...pageInput, ...sortInput(LISTING), ...searchInput })`. */
export const sortInput = ({ keys, first }: { readonly keys: object; readonly first?: Listing['first'] }) => ({
  sort: z
    .enum(Object.keys(keys).flatMap((key) => [key, `-${key}`]))
    .optional()
    .meta({ description: `By what, with - the other way round${first ? `; the ${first} first by default` : ''}` }),
})

/** Of a list with `search`. */
export const searchInput = {
  query: z.string().trim().max(200).optional().meta({ description: 'A part of what the list shows' }),
}

/**
 * Sorts a list that is short enough to be given whole; equal items, and all without a wish, keep their order.
 *
 * @param keys By name on the wire, what an item is compared by.
 */
export function sortWhole<Item>(
  items: readonly Item[],
  sort: string | undefined,
  keys: Readonly<Record<string, (item: Item) => string | number | null>>,
): Item[] {
  const key = keys[sort?.replace(/^-/, '') ?? '']
  if (!key) return [...items]
  const sorted = items.toSorted((one, other) => compare(key(one), key(other)))
  return sort?.startsWith('-') ? sorted.reverse() : sorted
}

/** Nothing comes after all there is. */
function compare(one: string | number | null, other: string | number | null): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null)
  if (typeof one === 'number' && typeof other === 'number') return one - other
  return String(one).localeCompare(String(other), 'en', { sensitivity: 'base', numeric: true })
}

export interface PageWish {
  readonly cursor?: string | undefined
  readonly limit: number
  readonly sort?: string | undefined
  readonly query?: string | undefined
}

/**
 * One page of the rows that `rows` selects, by keyset: what comes and goes meanwhile neither repeats nor hides a row.
 *
 * @param rows A select with an `id` and the columns of `sorting`, without order and limit; the caller's view is in it.
 * @throws {BuylinkError} `invalid_request` where the cursor is not one of this list in this order.
 */
export async function readPage<Row extends { readonly id: string }>(
  db: Db | Tx,
  rows: RawBuilder<unknown>,
  { keys, first, search, id = Uuid as z.ZodType<string> }: Listing,
  { cursor, limit, sort = '', query = '' }: PageWish,
): Promise<{ items: Row[]; nextCursor: string | null }> {
  const key = keys[sort.replace(/^-/, '')]
  const down = sort === '' ? first === 'newest' : sort.startsWith('-')
  const after = cursor === undefined ? undefined : placeOf(cursor, key, id)
  if (after && after[0] !== sort) throw otherOrder()
  const [beyond, way] = down ? [sql`<`, sql`desc`] : [sql`>`, sql`asc`]
  const type = key?.holds === 'number' ? sql`::numeric` : sql`::text`
  const onward = !after
    ? sql`true`
    : key
      ? sql`(${key.by}, x.id) ${beyond} (${after[1]}${type}, ${after[2]})`
      : sql`x.id ${beyond} ${after[2]}`
  const hit =
    search && query !== ''
      ? sql`position(lower(${query}) in lower(concat_ws(' ', ${sql.join(search.map(columnOf))}))) > 0`
      : sql`true`
  const found = await sql<Row & { readonly sortKey: string }>`
    select x.*, ${key ? sql`${key.by}::text` : sql`''`} as "sortKey" from (${rows}) x
     where ${hit} and ${onward} order by ${key ? sql`${key.by} ${way},` : sql``} x.id ${way} limit ${limit + 1}`.execute(
    db,
  )
  const page = toPage(found.rows, limit, (row) => [sort, row.sortKey, String(row.id)])
  return { items: page.items.map(({ sortKey: _, ...row }) => row as unknown as Row), nextCursor: page.nextCursor }
}

/** Key and id of the last row before, checked: what was altered never reaches the database. */
function placeOf(cursor: string, key: SortKey | undefined, id: z.ZodType<string>): readonly [string, string, string] {
  const held =
    key?.holds === 'number' ? z.string().regex(/^-?(\d{1,40}(\.\d{1,20})?|Infinity)$/) : z.string().regex(/^[^\0]*$/)
  return decodeCursor(cursor, z.tuple([z.string(), held, id]))
}

const otherOrder = (): BuylinkError =>
  new BuylinkError('invalid_request', 'The cursor belongs to the list in another order.', {
    problems: [{ path: 'cursor', code: 'invalid', message: 'Begin without a cursor when the order changes' }],
  })
