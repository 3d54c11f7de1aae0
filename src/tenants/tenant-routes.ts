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
  const { rows } = await sql<TenantNode>`
    select t.id, t.number::text, t.name, t.kind, t.parent_id as "parentId", t.enabled,
           exists (select from tenants c where c.parent_id = t.id and c.deleted_at is null and ${visibleTo(actor, 'c')}) as "hasChildren",
           (select coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name) order by nlevel(u.path)), '[]')
              from tenants u where u.path @> t.path and u.path <@ ${actor.path}::ltree and u.id <> t.id) as above
      from tenants t
     where ${visibleTo(actor, 't')}
       and (${parentId ?? null}::uuid is null or t.parent_id = ${parentId ?? null}::uuid)
       and (${kind ?? null}::text is null or t.kind = ${kind ?? null})
       and (${words} = '' or lower(t.name) like ${pattern} or t.number::text = ${words})
       and (${after ?? null}::uuid is null or t.id > ${after ?? null}::uuid)
     order by t.id limit ${limit}`.execute(db)
  return rows
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
