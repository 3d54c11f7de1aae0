import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db, Tx } from '../platform/db.ts'
import { isSeller, type Tenant, tenantOf, visibleTo } from '../tenants/index.ts'
import { getTenant } from '../tenants/index.ts'

/** Sellers whose handlers, webhooks and log a caller sees: itself, where it is one, and those below it. */
export async function sellersOf(db: Db | Tx, actor: Principal): Promise<SellerId[]> {
  const rows = await db
    .selectFrom('tenants')
    .where('kind', 'in', ['root', 'partner'])
    .where(visibleTo(actor))
    .select('seller_id')
    .execute()
  return rows.map((row) => row.seller_id)
}

/**
 * Whose the new one will be: the seller asked for, else the caller itself.
 *
 * @throws {BuylinkError} `not_found`: no such tenant for the caller; `unprocessable`: it is no reseller.
 */
export async function ownerFor(db: Db | Tx, actor: Principal, tenantId: TenantId | undefined): Promise<Tenant> {
  const tenant = await getTenant(db, actor, tenantId ?? actor.tenantId)
  if (!isSeller(tenant.kind) || tenant.id !== tenantOf(tenant.sellerId))
    throw new BuylinkError('unprocessable', 'Only the operator and resellers have webhooks and event handlers.')
  return tenant
}
