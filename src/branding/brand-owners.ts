import { sql } from 'kysely'
import type { TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'

/** Whose enabled brand applies at each of the tenants: the nearest at or above it. Those without any are missing. */
export async function brandOwnersOf(
  db: Db | Tx,
  tenantIds: readonly TenantId[],
): Promise<ReadonlyMap<TenantId, { readonly id: TenantId; readonly number: bigint }>> {
  if (tenantIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('tenants as asked')
    .innerJoin('tenants as owner', (join) => join.on(sql<boolean>`owner.path @> asked.path`))
    .innerJoin('brands', 'brands.tenant_id', 'owner.id')
    .where('asked.id', '=', sql<TenantId>`any(${[...tenantIds]})`)
    .where('brands.enabled', '=', true)
    .where('owner.deleted_at', 'is', null)
    .distinctOn('asked.id')
    .select(['asked.id as askedFor', 'owner.id', 'owner.number'])
    .orderBy('asked.id')
    .orderBy(sql`nlevel(owner.path)`, 'desc')
    .execute()
  return new Map(rows.map(({ askedFor, id, number }) => [askedFor, { id, number }]))
}
