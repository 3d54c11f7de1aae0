import { sql } from 'kysely'
import type { TenantId } from '../kernel/ids.ts'
import type { Db } from '../platform/db.ts'
import { idsOfNumbers, visibleTo } from '../tenants/index.ts'
import { rangeOf } from '../tenants/rules.ts'
import { prefixQuery } from './rules.ts'

export interface Found {
  readonly objType: 'tenant' | 'user'
  readonly id: string
  readonly parentId: TenantId
  readonly path: TenantId[]
  readonly kind?: string
  readonly login?: string
  readonly name: string
  readonly firstName?: string
  readonly lastName?: string
}

/** As the indexes `tenants_words` and `users_words` have them. */
const SIGNS = sql.raw(`'.@_-+/:#', '        '`)

/**
 * Tenants, then users, at and below a tenant in whose names every given word begins a word. One of the reviewed reads
 * over several sellers.
 */
export async function searchTree(
  db: Db,
  viewer: { readonly path: string },
  root: { readonly path: string },
  { text, limit, withUsers }: { readonly text: string; readonly limit: number; readonly withUsers: boolean },
): Promise<Found[]> {
  const words = prefixQuery(text)
  if (words === undefined) return []
  const { from, before } = rangeOf(root.path)
  const below = sql<boolean>`tenants.path >= ${from}::ltree and tenants.path < ${before}::ltree`
  const tenants = await db
    .selectFrom('tenants')
    .where(visibleTo(viewer))
    .where(below)
    .where('owner_id', 'is', null)
    .where(sql<boolean>`to_tsvector('simple', translate(tenants.name, ${SIGNS})) @@ to_tsquery('simple', ${words})`)
    .select(['id', 'parent_id as parentId', 'path', 'kind', 'name'])
    .orderBy('name')
    .orderBy('id')
    .limit(limit)
    .execute()
  const users =
    !withUsers || tenants.length >= limit
      ? []
      : await db
          .selectFrom('users')
          .innerJoin('tenants', 'tenants.id', 'users.tenant_id')
          .where(visibleTo(viewer))
          .where(below)
          .where(
            sql<boolean>`to_tsvector('simple', translate(users.login || ' ' || users.first_name || ' ' || users.last_name, ${SIGNS}))
        @@ to_tsquery('simple', ${words})`,
          )
          .select([
            'users.id',
            'users.tenant_id as parentId',
            'tenants.path',
            'users.login',
            'users.first_name as firstName',
            'users.last_name as lastName',
          ])
          .orderBy('users.login')
          .limit(limit - tenants.length)
          .execute()

  const ids = await idsOfNumbers(
    db,
    [...tenants, ...users].flatMap(({ path }) => path.split('.')),
  )
  const depth = viewer.path.split('.').length - 1
  const pathOf = (labels: readonly string[]): TenantId[] =>
    labels
      .slice(depth)
      .toReversed()
      .flatMap((number) => ids.get(number) ?? [])
  return [
    ...tenants.map(
      ({ id, parentId, path, kind, name }): Found => ({
        objType: 'tenant',
        id,
        parentId: parentId ?? id,
        path: pathOf(path.split('.').slice(0, -1)),
        kind,
        name,
      }),
    ),
    ...users.map(
      ({ id, parentId, path, login, firstName, lastName }): Found => ({
        objType: 'user',
        id,
        parentId,
        path: pathOf(path.split('.')),
        login,
        name: `${firstName} ${lastName}`.trim() || login,
        firstName,
        lastName,
      }),
    ),
  ]
}
