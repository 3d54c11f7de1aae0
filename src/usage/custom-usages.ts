import { sql } from 'kysely'
import type { TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'

export interface CustomUsage {
  readonly usageName: string
  readonly title: string
  readonly measurementUnit: 'bytes' | 'quantity'
}

/** Usages that providers at or above a tenant have defined beside the usual ones; of one name, the nearest. */
export async function customUsagesOf(db: Db | Tx, tenantId: TenantId): Promise<CustomUsage[]> {
  return db
    .selectFrom('tenants as asked')
    .innerJoin('tenants as owner', (join) => join.on(sql<boolean>`owner.path @> asked.path`))
    .innerJoin('usage_types', 'usage_types.tenant_id', 'owner.id')
    .where('asked.id', '=', tenantId)
    .distinctOn('usage_types.usage_name')
    .select([
      'usage_types.usage_name as usageName',
      'usage_types.title',
      'usage_types.measurement_unit as measurementUnit',
    ])
    .orderBy('usage_types.usage_name')
    .orderBy(sql`nlevel(owner.path)`, 'desc')
    .execute()
}
