import { sql } from 'kysely'
import type { TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'

interface Owner {
  readonly id: TenantId
  readonly number: bigint
}

/**
 * Whose enabled brand applies at each of the tenants: the nearest at or above it. Those without any are missing.
 * The numbers of their paths name all that can be meant, so that no part of the tree is searched.
 */
export async function brandOwnersOf(
  db: Db | Tx,
  tenantIds: readonly TenantId[],
): Promise<ReadonlyMap<TenantId, Owner>> {
  if (tenantIds.length === 0) return new Map()
  const asked = await db
    .selectFrom('tenants')
    .where('id', '=', sql<TenantId>`any(${[...tenantIds]}::uuid[])`)
    .select(['id', 'path'])
    .execute()
  const numbers = [...new Set(asked.flatMap(({ path }) => path.split('.')))]
  const owners = await db
    .selectFrom('tenants as owner')
    .innerJoin('brands', 'brands.tenant_id', 'owner.id')
    .where('owner.number', '=', sql<bigint>`any(${numbers}::bigint[])`)
    .where('owner.deleted_at', 'is', null)
    .where('brands.enabled', '=', true)
    .select(['owner.id', 'owner.number'])
    .execute()
  const byNumber = new Map(owners.map((owner) => [String(owner.number), owner]))
  const found = asked.map(({ id, path }): [TenantId, Owner | undefined] => {
    const nearest = path.split('.').findLast((number) => byNumber.has(number))
    return [id, nearest === undefined ? undefined : byNumber.get(nearest)]
  })
  return new Map(found.filter((pair): pair is [TenantId, Owner] => pair[1] !== undefined))
}
