import type { TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db, Tx } from '../platform/db.ts'
import { getTenant, isAtOrBelow, type Tenant } from '../tenants/index.ts'
import { assertMayHaveBrand, DEFAULT_SETTINGS, withoutMail } from './rules.ts'
import type { BrandSettings, OwnBrand } from './schema.ts'
import { findOwn, listEffective } from './store.ts'

const NEVER_BRANDED: OwnBrand = {
  enabled: false,
  settings: DEFAULT_SETTINGS,
  hasLogo: false,
  hasSmtpPassword: false,
  mailFailure: null,
}

/**
 * A tenant's own brand, enabled or not; the defaults where it never had one.
 *
 * @throws {BuylinkError} `not_found`; `unprocessable`: customers and units have no brand.
 */
export async function readOwnBrand(
  db: Db | Tx,
  actor: Principal,
  tenantId: TenantId,
): Promise<{ readonly tenant: Tenant; readonly brand: OwnBrand }> {
  const tenant = await getTenant(db, actor, tenantId)
  assertMayHaveBrand(tenant.kind)
  return { tenant, brand: (await findOwn(db, tenantId)) ?? NEVER_BRANDED }
}

/**
 * The options that apply at a tenant of any kind. Mail settings of an owner whom the actor does not see read as the
 * defaults.
 *
 * @throws {BuylinkError} `not_found`
 */
export async function readEffectiveOptions(db: Db | Tx, actor: Principal, tenantId: TenantId): Promise<BrandSettings> {
  await getTenant(db, actor, tenantId)
  const [brand] = await listEffective(db, [tenantId])
  if (!brand) return DEFAULT_SETTINGS
  const seesOwner = isAtOrBelow(brand.path, actor.path) && isAtOrBelow(actor.path, brand.accessPath)
  return seesOwner ? brand.settings : withoutMail(brand.settings)
}
