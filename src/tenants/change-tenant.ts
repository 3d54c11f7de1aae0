import type { TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { hintChange } from '../platform/changes.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import { platformError } from '../platform/http/v2.ts'
import { claimName } from './claim-name.ts'
import { claimTenant } from './claim-tenant.ts'
import { mergeContact } from './contact.ts'
import { changeKind, moveTenant } from './move-tenant.ts'
import { findProfile, lockSubtree, queueForShape, refreshAccessPaths } from './profile-store.ts'
import { tellOf } from './publish-tenant.ts'
import type { StoredContact, TenantKind, TenantProfile } from './schema.ts'
import type { TenantServices } from './tree-needs.ts'
import { findTenant, queueForNames, type TenantChange, updateTenant } from './store.ts'

export interface TenantWrite
  extends Pick<
    TenantChange,
    'name' | 'enabled' | 'language' | 'ancestralAccess' | 'customerType' | 'customerId' | 'internalTag' | 'defaultIdpId'
  > {
  readonly id: TenantId
  /** The one that was last read. */
  readonly version: bigint
  readonly parentId?: TenantId | undefined
  readonly kind?: TenantKind | undefined
  readonly contact?: StoredContact | undefined
  /** Whether only the caller's tenant may change it. */
  readonly updateLock?: boolean | undefined
}

/**
 * Changes a tenant as of a version of it, and raises that by exactly one. Publishes `tenant.updated`, and
 * `tenant.enabled`, `tenant.disabled`, `tenant.moved` where that is what happened.
 *
 * @throws {BuylinkError} Platform codes of `claimTenant`, `claimName`, `moveTenant` and `changeKind`; 1027 for what
 *   nobody could undo: disabling one's own tenant.
 */
export async function changeTenant(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  services: TenantServices,
  write: TenantWrite,
): Promise<TenantProfile> {
  return transaction(db, async (tx) => {
    const at = clock.now()
    if (write.parentId !== undefined || write.kind !== undefined || write.ancestralAccess !== undefined)
      await queueForShape(tx)
    // The parent's row before the tenant's: whoever locks several of a branch goes from the root down.
    if (write.name !== undefined) {
      const before = await findTenant(tx, write.id)
      if (before?.parentId) await queueForNames(tx, before.parentId)
    }
    const tenant = await claimTenant(tx, actor, write.id, write.version)
    const { name = tenant.name, parentId = tenant.parentId ?? tenant.id, kind = tenant.kind } = write
    const context = { id: String(tenant.number) }
    if (write.enabled === false && tenant.id === actor.tenantId)
      throw platformError('business_rules', 'You cannot disable your own tenant.', context)
    if (write.ancestralAccess === false && (tenant.kind === 'unit' || tenant.kind === 'root'))
      throw platformError('business_rules', `A ${tenant.kind} cannot shut out those above it.`, context)

    const isMoved = parentId !== (tenant.parentId ?? tenant.id)
    const shape = { clock, actor, services }
    if (tenant.parentId !== null && (isMoved || name !== tenant.name)) await claimName(tx, parentId, name, tenant.id)
    const parent = isMoved ? await moveTenant(tx, shape, tenant, parentId) : await findTenant(tx, parentId)
    if (kind !== tenant.kind && parent) {
      const now = isMoved ? await findTenant(tx, tenant.id) : tenant
      await changeKind(tx, shape, { ...tenant, ...now }, kind, parent)
    }

    const { contact, ...plain } = write
    const changed = await updateTenant(tx, tenant.id, at, {
      ...plain,
      ...(contact && { contact: mergeContact(tenant.contact, contact) }),
      ...(write.updateLock !== undefined && { updateLockedBy: write.updateLock ? actor.tenantId : null }),
    })
    if (!changed) throw platformError('tenant_not_found', 'There is no such tenant.')
    if (changed.ancestralAccess !== tenant.ancestralAccess) {
      await lockSubtree(tx, changed.path)
      await refreshAccessPaths(tx, changed.path)
    }
    const tell = tellOf(tx, actor, changed, at)
    const fields = Object.keys(write).filter((field) => field !== 'id' && field !== 'version')
    await tell('updated', { version: String(changed.version), fields })
    if (changed.enabled !== tenant.enabled) await tell(changed.enabled ? 'enabled' : 'disabled')
    if (isMoved) await tell('moved', { from: tenant.parentId, to: parentId })
    await hintChange(tx, changed.sellerId)
    // Read as who sees it from inside: its administrator may just have shut the caller out.
    return (await findProfile(tx, changed, tenant.id)) as TenantProfile
  })
}
