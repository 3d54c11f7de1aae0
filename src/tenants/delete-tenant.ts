import type { TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { hintChange } from '../platform/changes.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import { platformError } from '../platform/http/v2.ts'
import { claimName } from './claim-name.ts'
import { assertNotLocked, claimTenant } from './claim-tenant.ts'
import { findProfile, lockProfile, lockSubtree, markDeleted, unmarkDeleted } from './profile-store.ts'
import { tellOf } from './publish-tenant.ts'
import type { TenantProfile } from './schema.ts'
import type { TenantServices } from './tree-needs.ts'
import { findTenant } from './store.ts'

/** Which tenant, as of which version of it. */
export interface Target {
  readonly id: TenantId
  readonly version: bigint
}

/**
 * Deletes disabled tenants with all below them, all or none. Their data stays for the books, and they can be restored.
 * Publishes `tenant.deleted`.
 *
 * @throws {BuylinkError} Platform codes of `claimTenant`; 1006: one is not disabled; 1027: one's own, the root, or
 *   money and services are open.
 */
export async function deleteTenants(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  services: Pick<TenantServices, 'assertSettled'>,
  targets: readonly Target[],
): Promise<void> {
  await transaction(db, async (tx) => {
    // In one order, so that two lists cannot wait for each other.
    for (const { id, version } of targets.toSorted((one, other) => (one.id < other.id ? -1 : 1))) {
      const at = clock.now()
      const tenant = await claimTenant(tx, actor, id, version)
      const context = { id: String(tenant.number) }
      if (tenant.kind === 'root' || tenant.id === actor.tenantId)
        throw platformError('business_rules', 'You cannot delete your own tenant.', context)
      if (tenant.enabled) throw platformError('not_disabled', 'Disable the tenant before you delete it.', context)
      await lockSubtree(tx, tenant.path)
      const tenantIds = await markDeleted(tx, tenant.path, at)
      await services.assertSettled(tx, tenantIds)
      await tellOf(tx, actor, tenant, at)('deleted', { tenants: tenantIds.length })
      await hintChange(tx, tenant.sellerId)
    }
  })
}

/**
 * Brings a tenant back with what was deleted together with it; it is still disabled. Doing it again changes nothing.
 * Publishes `tenant.restored`.
 *
 * @throws {BuylinkError} Platform codes 1005: unknown; 1012: locked by another tenant; 1027: its parent is deleted; 1004: its
 *   name is taken by now.
 */
export async function restoreTenant(db: Db | Tx, clock: Clock, actor: Principal, id: TenantId): Promise<TenantProfile> {
  return transaction(db, async (tx) => {
    const tenant = await lockProfile(tx, actor, id, true)
    if (!tenant) throw platformError('tenant_not_found', 'There is no such tenant.')
    if (tenant.deletedAt === null) return tenant
    assertNotLocked(actor, tenant)
    const context = { id: String(tenant.number) }
    if (tenant.parentId === null || !(await findTenant(tx, tenant.parentId)))
      throw platformError('business_rules', 'Restore the tenant above it first.', context)
    await claimName(tx, tenant.parentId, tenant.name, tenant.id)
    const at = clock.now()
    const tenantIds = await unmarkDeleted(tx, tenant.path, tenant.deletedAt, at)
    await tellOf(tx, actor, tenant, at)('restored', { tenants: tenantIds.length })
    await hintChange(tx, tenant.sellerId)
    return (await findProfile(tx, tenant, id)) as TenantProfile
  })
}

/** Deletes what belongs to somebody who is deleted: a personal tenant. Whoever deletes them tells of it. */
export async function dropTenant(tx: Tx, id: TenantId, at: Date): Promise<void> {
  const tenant = await findTenant(tx, id)
  if (tenant) await markDeleted(tx, tenant.path, at)
}
