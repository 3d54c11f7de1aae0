import type { TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { platformError } from '../platform/http/v2.ts'
import { lockProfile } from './profile-store.ts'
import type { TenantProfile } from './schema.ts'

/**
 * A tenant for a write that was decided at `version` of it: its row stays locked until the transaction ends, so of two
 * such writes one comes second and is refused.
 *
 * @throws {BuylinkError} Platform codes 1005: unknown; 1012: locked by another tenant; 1001: it has been written since.
 */
export async function claimTenant(
  tx: Tx,
  actor: Principal,
  id: TenantId,
  version: bigint | undefined,
): Promise<TenantProfile> {
  const tenant = await lockProfile(tx, actor, id)
  if (!tenant) throw platformError('tenant_not_found', 'There is no such tenant.')
  assertNotLocked(actor, tenant)
  const context = { id: String(tenant.number) }
  if (version !== undefined && version !== tenant.version)
    throw platformError('version_mismatch', `The tenant is at version ${tenant.version}; read it again.`, context)
  return tenant
}

/** For every write of a tenant or of what belongs to it, its row locked. @throws {BuylinkError} Platform code 1012. */
export function assertNotLocked(
  actor: Pick<Principal, 'tenantId'>,
  tenant: Pick<TenantProfile, 'number' | 'updateLockedBy'>,
): void {
  if (tenant.updateLockedBy !== null && tenant.updateLockedBy !== actor.tenantId)
    throw platformError('tenant_locked', 'Only the tenant that locked it may change it.', { id: String(tenant.number) })
}
