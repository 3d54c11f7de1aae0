import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { hintChange } from '../platform/changes.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import type { Tenant } from './schema.ts'
import { findVisibleTenant, updateTenant } from './store.ts'

/**
 * Lets a tenant and all below it work again.
 * Publishes `tenant.enabled`. @throws {BuylinkError} `not_found`
 */
export const enableTenant = (db: Db | Tx, clock: Clock, actor: Principal, id: TenantId): Promise<Tenant> =>
  setEnabled(db, clock, actor, id, true)

/**
 * Shuts a tenant and all below it out: nobody of them signs in, their stores answer as inactive. Nothing is lost.
 * Publishes `tenant.disabled`.
 *
 * @throws {BuylinkError} `not_found`; `unprocessable` for one's own tenant: nobody could undo it.
 */
export async function disableTenant(db: Db | Tx, clock: Clock, actor: Principal, id: TenantId): Promise<Tenant> {
  if (id === actor.tenantId) throw new BuylinkError('unprocessable', 'You cannot disable your own tenant.')
  return setEnabled(db, clock, actor, id, false)
}

async function setEnabled(db: Db | Tx, clock: Clock, actor: Principal, id: TenantId, enabled: boolean) {
  return transaction(db, async (tx) => {
    const tenant = await findVisibleTenant(tx, actor, id)
    if (!tenant) throw new BuylinkError('not_found', 'There is no such tenant.')
    if (tenant.enabled === enabled) return tenant
    const at = clock.now()
    const changed = await updateTenant(tx, id, at, { enabled })
    if (!changed) throw new BuylinkError('not_found', 'There is no such tenant.')
    const subject = { kind: 'tenant', id }
    const about = { sellerId: tenant.sellerId, subject, tenantId: id, actor, correlationId: actor.correlationId, at }
    const word = enabled ? 'enable' : 'disable'
    await publish(tx, { ...about, type: `tenant.${word}d`, payload: {} })
    await audit(tx, { ...about, action: `tenant.${word}`, details: {} })
    await hintChange(tx, tenant.sellerId)
    return changed
  })
}
