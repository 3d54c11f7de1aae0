import { sql } from 'kysely'
import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'
import type { Db } from '../platform/db.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { withCsv } from '../platform/http/csv.ts'
import { byNumber, byText, type PageWish, readPage, sortInput, listing } from '../platform/http/list.ts'
import { idOf, pageInput, pageOf, Uuid } from '../platform/http/schemas.ts'
import { getTenant } from './get-tenant.ts'
import { TenantKind } from './schema.ts'
import { visibleTo } from './visible.ts'

const TenantNode = z.object({
  id: Uuid,
  number: z.string(),
  name: z.string(),
  kind: TenantKind,
  parentId: Uuid.nullable(),
  enabled: z.boolean(),
  hasChildren: z.boolean(),
  /** From the caller's tenant down to its parent. */
  above: z.array(z.object({ id: Uuid, name: z.string() })),
})
type TenantNode = z.output<typeof TenantNode>

/** Each key has its indexes (migration 0054): a level, and what is found, may be a hundred thousand. */
const LISTING = listing('oldest', { name: byText('name'), kind: byText('kind'), number: byNumber('place') })

interface TreeSearch extends PageWish {
  readonly parentId: TenantId | undefined
  readonly query?: string | undefined
  readonly kind?: TenantKind | undefined
}

/** One level of the tree, or what a search finds below the caller. */
async function listNodes(
  db: Db,
  actor: { readonly path: string },
  search: TreeSearch,
): ReturnType<typeof readPage<TenantNode>> {
  const { parentId, query, kind } = search
  const words = query?.trim().toLowerCase() ?? ''
  const part = words.replace(/[\\%_]/g, '\\$&')
  // One or two letters stand in too much of everything, and in no index: they begin a word.
  const hasPart =
    words.length > 2
      ? sql`lower(t.name) like ${`%${part}%`}`
      : sql`lower(t.name) like ${`${part}%`} or lower(t.name) like ${`% ${part}%`}`
  const isNumber = /^[1-9]\d{0,17}$/.test(words)
  /** What stands right below a tenant that is visible lies in the caller's part of the tree: so the index by parent serves. */
  const reachable = (alias: string) =>
    sql`${sql.ref(`${alias}.access_path`)} @> ${actor.path}::ltree and ${sql.ref(`${alias}.deleted_at`)} is null`
  const found = sql`
    select t.id, t.number::text, t.number as place, t.name, t.kind, t.parent_id as "parentId", t.enabled, t.path::text from tenants t
     where ${parentId === undefined ? visibleTo(actor, 't') : reachable('t')}
       ${parentId === undefined ? sql`` : sql`and t.parent_id = ${parentId}`}
       ${kind === undefined ? sql`` : sql`and t.kind = ${kind}`}
       ${words === '' ? sql`` : sql`and (${hasPart}${isNumber ? sql` or t.number = ${words}::bigint` : sql``})`}`
  type Row = Omit<TenantNode, 'hasChildren' | 'above'> & { readonly path: string; readonly place: bigint }
  const { items: rows, nextCursor } = await readPage<Row>(db, found, LISTING, search)
  // What is said of each tenant, asked for those on the page alone and by indexes.
  const ids = rows.map(({ id }) => id)
  // One pass: asked tenant by tenant, a level that nearly all have as their parent makes the planner read it each time.
  const parents = await sql<{ id: string }>`
    select distinct c.parent_id as id from tenants c where c.parent_id = any(${ids}::uuid[]) and ${reachable('c')}`.execute(
    db,
  )
  const withChildren = new Set(parents.rows.map(({ id }) => id))
  const paths = [...new Set(rows.flatMap(({ path }) => pathsAbove(path, actor.path)))]
  const above = await sql<{ path: string; id: string; name: string }>`
    select u.path::text, u.id, u.name from unnest(${paths}::text[]) as a (path) join tenants u on u.path = a.path::ltree`.execute(
    db,
  )
  const known = new Map(above.rows.map(({ path, id, name }) => [path, { id, name }]))
  const items = rows.map(({ path, place: _, ...node }) => ({
    ...node,
    hasChildren: withChildren.has(node.id),
    above: pathsAbove(path, actor.path).flatMap((each) => known.get(each) ?? []),
  }))
  return { items, nextCursor }
}

/** Paths from the caller's own down to the one right above: `1.7.9` for a caller at `1` has `1`, `1.7`. */
function pathsAbove(path: string, from: string): string[] {
  const labels = path.split('.')
  const first = from.split('.').length
  return labels.slice(first, labels.length).map((_label, index) => labels.slice(0, first + index).join('.'))
}
/** The tree as the portal walks it. */
export const tenantRoutes: readonly AnyRoute[] = withCsv(
  route({
    method: 'GET',
    path: '/api/v1/tenants',
    scope: 'tenants:read',
    tag: 'Tenants',
    summary: 'List one level of the tenant tree, or search it',
    description:
      'With `parent_id` the tenants right below that one; with `query` those anywhere below you whose name has it (a word that begins with it, where it is one letter or two), or whose number it is. With neither the level below you.',
    input: z.object({
      ...pageInput,
      ...sortInput(LISTING),
      parentId: idOf<TenantId>().optional(),
      query: z.string().max(200).optional(),
      kind: TenantKind.optional(),
    }),
    output: pageOf(TenantNode),
    async handle({ db, actor }, { parentId, ...search }) {
      const { query } = search
      const isSearch = query !== undefined && query.trim() !== ''
      const level = parentId ?? (isSearch ? undefined : actor.tenantId)
      if (level !== undefined) await getTenant(db, actor, level)
      return listNodes(db, actor, { parentId: level, ...search })
    },
  }),
)
