import type { TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { BrandSettings } from './schema.ts'

/** The options of a tenant's own enabled brand; undefined where it shows that of the nearest above it. */
export async function ownBrand(db: Db | Tx, tenantId: TenantId): Promise<BrandSettings | undefined> {
  const row = await db
    .selectFrom('brands')
    .where('tenant_id', '=', tenantId)
    .where('enabled', '=', true)
    .select('settings')
    .executeTakeFirst()
  return row?.settings
}
