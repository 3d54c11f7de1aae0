import { sql } from 'kysely'
import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'
import type { Db } from '../platform/db.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { decodeCursor, idOf, pageInput, pageOf, toPage, Uuid } from '../platform/http/schemas.ts'
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

interface TreeSearch {
  readonly parentId: TenantId | undefined
  readonly query: string | undefined
  readonly kind: TenantKind | undefined
  readonly after: string | undefined
  readonly limit: number
}

/** One level of the tree, or what a search finds below the caller, in the order of creation. */
async function listNodes(db: Db, actor: { readonly path: string }, search: TreeSearch): Promise<TenantNode[]> {
  const { parentId, query, kind, after, limit } = search
  const words = query?.trim().toLowerCase() ?? ''
  const pattern = `%${words.replace(/[\\%_]/g, '\\$&')}%`
  /** What stands right below a tenant that is visible lies in the caller's part of the tree: so the index by parent serves. */
  const reachable = (alias: string) =>
    sql`${sql.ref(`${alias}.access_path`)} @> ${actor.path}::ltree and ${sql.ref(`${alias}.deleted_at`)} is null`
  const { rows } = await sql<Omit<TenantNode, 'hasChildren' | 'above'> & { path: string }>`
    select t.id, t.number::text, t.name, t.kind, t.parent_id as "parentId", t.enabled, t.path::text from tenants t
     where ${parentId === undefined ? visibleTo(actor, 't') : reachable('t')}
       ${parentId === undefined ? sql`` : sql`and t.parent_id = ${parentId}`}
       ${kind === undefined ? sql`` : sql`and t.kind = ${kind}`}
       ${words === '' ? sql`` : sql`and (lower(t.name) like ${pattern} or t.number::text = ${words})`}
       ${after === undefined ? sql`` : sql`and t.id > ${after}`}
     order by t.id limit ${limit}`.execute(db)
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
  return rows.map(({ path, ...node }) => ({
    ...node,
    hasChildren: withChildren.has(node.id),
    above: pathsAbove(path, actor.path).flatMap((each) => known.get(each) ?? []),
  }))
}

/** Paths from the caller's own down to the one right above: `1.7.9` for a caller at `1` has `1`, `1.7`. */
function pathsAbove(path: string, from: string): string[] {
  const labels = path.split('.')
  const first = from.split('.').length
  return labels.slice(first, labels.length).map((_label, index) => labels.slice(0, first + index).join('.'))
}
/** The tree as the portal walks it. */
export const tenantRoutes: readonly AnyRoute[] = [
  route({
    method: 'GET',
    path: '/api/v1/tenants',
    scope: 'tenants:read',
    tag: 'Tenants',
    summary: 'List one level of the tenant tree, or search it',
    description:
      'With `parent_id` the tenants right below that one; with `query` those anywhere below you whose name has it, or whose number it is. With neither the level below you.',
    input: z.object({
      ...pageInput,
      parentId: idOf<TenantId>().optional(),
      query: z.string().max(200).optional(),
      kind: TenantKind.optional(),
    }),
    output: pageOf(TenantNode),
    async handle({ db, actor }, { cursor, limit, parentId, query, kind }) {
      const [after] = cursor === undefined ? [] : decodeCursor(cursor, z.tuple([Uuid]))
      const isSearch = query !== undefined && query.trim() !== ''
      const level = parentId ?? (isSearch ? undefined : actor.tenantId)
      if (level !== undefined) await getTenant(db, actor, level)
      const rows = await listNodes(db, actor, { parentId: level, query, kind, after, limit: limit + 1 })
      return toPage(rows, limit, (node) => [node.id])
    },
  }),
]
