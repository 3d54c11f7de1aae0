import { sql } from 'kysely'
import type { TenantId } from '../kernel/ids.ts'
import type { Db } from '../platform/db.ts'
import { profiles } from './profile-store.ts'
import { rangeOf } from './rules.ts'
import type { TenantProfile } from './schema.ts'

interface Viewer {
  readonly path: string
}

/** What `GET /api/2/tenants` asks for: exactly one of `uuids`, `parentId` and `subtreeRoot`. */
export interface TenantQuery {
  readonly uuids?: readonly TenantId[] | undefined
  readonly parentId?: TenantId | undefined
  /** Path of a tenant that the viewer sees; it is in the list. */
  readonly subtreePath?: string | undefined
  /** Written at or after this instant. */
  readonly updatedSince?: Date | undefined
  readonly allowDeleted: boolean
}

/**
 * Tenants of the tree in the order of their paths, which an index keeps: a page of a subtree of a hundred thousand costs
 * what it shows.
 *
 * @param after Path of the last one of the page before.
 */
export function listTenants(
  db: Db,
  viewer: Viewer,
  query: TenantQuery,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<TenantProfile[]> {
  const { uuids, parentId, subtreePath, updatedSince } = query
  const range = subtreePath === undefined ? undefined : rangeOf(subtreePath)
  return profiles(db, viewer, query.allowDeleted)
    .$if(uuids !== undefined, (q) => q.where('tenants.id', '=', sql<TenantId>`any(${[...(uuids ?? [])]}::uuid[])`))
    .$if(parentId !== undefined, (q) => q.where('tenants.parent_id', '=', parentId ?? ''))
    .$if(range !== undefined, (q) =>
      q
        .where(sql<boolean>`tenants.path >= ${range?.from ?? ''}::ltree`)
        .where(sql<boolean>`tenants.path < ${range?.before ?? ''}::ltree`),
    )
    .$if(updatedSince !== undefined, (q) => q.where('tenants.updated_at', '>=', updatedSince ?? new Date(0)))
    .$if(after !== undefined, (q) => q.where(sql<boolean>`tenants.path > ${after ?? ''}::ltree`))
    .orderBy('tenants.path')
    .limit(limit)
    .execute()
}

export const CHILD_ORDERS = ['name', '-name', 'created_at', '-created_at', 'updated_at', '-updated_at'] as const
export type ChildOrder = (typeof CHILD_ORDERS)[number]

/** The children of a tenant in an order; where two are alike in it, by id. */
export function listChildren(
  db: Db,
  viewer: Viewer,
  parentId: TenantId,
  order: ChildOrder,
  {
    after,
    limit,
    allowDeleted,
  }: {
    /** What it is ordered by, as text, and id of the last one of the page before. */
    readonly after: readonly [string, TenantId] | undefined
    readonly limit: number
    readonly allowDeleted: boolean
  },
): Promise<TenantProfile[]> {
  const falls = order.startsWith('-')
  const column = sql.ref(`tenants.${order.replace('-', '')}`)
  const beyond = falls ? sql.raw('<') : sql.raw('>')
  const type = order.endsWith('name') ? sql.raw('text') : sql.raw('timestamptz')
  return profiles(db, viewer, allowDeleted)
    .where('tenants.parent_id', '=', parentId)
    .$if(after !== undefined, (q) =>
      q.where(sql<boolean>`(${column}, tenants.id) ${beyond} (${after?.[0]}::${type}, ${after?.[1]}::uuid)`),
    )
    .orderBy(column, falls ? 'desc' : 'asc')
    .orderBy('tenants.id', falls ? 'desc' : 'asc')
    .limit(limit)
    .execute()
}

/** What of a child its place in the order is told by. Instants to the microsecond would be lost in a `Date`; none of ours has them. */
export const placeOf = (tenant: TenantProfile, order: ChildOrder): readonly [string, TenantId] => {
  const word = order.replace('-', '')
  const value =
    word === 'name' ? tenant.name : (word === 'created_at' ? tenant.createdAt : tenant.updatedAt).toISOString()
  return [value, tenant.id]
}
