import type { TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { DEFAULT_BRAND, toBrand } from './rules.ts'
import type { EffectiveBrand } from './schema.ts'
import { effectiveFromJson, effectiveJson, listEffective } from './store.ts'

/** What applies at a tenant: the nearest enabled brand at or above it, else the defaults. */
export async function effectiveBrand(db: Db | Tx, tenantId: TenantId): Promise<EffectiveBrand> {
  return (await effectiveBrands(db, [tenantId])).get(tenantId) ?? DEFAULT_BRAND
}

/** The same as a column of another select, and what that column gave. */
export const effectiveBrandJson = effectiveJson

export function effectiveBrandFromJson(text: string): EffectiveBrand {
  const [stored] = effectiveFromJson(text)
  return stored ? toBrand(stored) : DEFAULT_BRAND
}

/** The same for many tenants in one statement; those with the defaults are missing. */
export async function effectiveBrands(
  db: Db | Tx,
  tenantIds: readonly TenantId[],
): Promise<ReadonlyMap<TenantId, EffectiveBrand>> {
  const stored = await listEffective(db, tenantIds)
  return new Map(stored.map((brand) => [brand.askedFor, toBrand(brand)]))
}
