import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { platformError } from '../platform/http/v2.ts'
import { claimTenant, getTenant } from '../tenants/index.ts'
import { type Application, APPLICATIONS, PLATFORM } from './catalogue.ts'
import { listSwitchedOff, saveSwitch } from './store.ts'

/** The applications of a tenant: all that are switched off neither at it nor above it. @throws {BuylinkError} `not_found` */
export async function applicationsOf(db: Db | Tx, actor: Principal, tenantId: TenantId): Promise<Application[]> {
  await getTenant(db, actor, tenantId)
  const off = await listSwitchedOff(db, tenantId)
  return APPLICATIONS.filter(({ id }) => !off.has(id))
}

/** @throws {BuylinkError} `not_found` */
export function getApplication(id: string): Application {
  const application = APPLICATIONS.find((each) => each.id === id)
  if (!application) throw new BuylinkError('not_found', 'There is no such application.')
  return application
}

/**
 * Switches an application on or off for a tenant and all below it. Publishes `application.bound` or `application.unbound`.
 *
 * @throws {BuylinkError} `not_found`; platform code 1026: it is off above; `unprocessable`: it is the platform, which
 *   everyone has.
 */
export async function bindApplication(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  { tenantId, applicationId, enabled }: { tenantId: TenantId; applicationId: string; enabled: boolean },
): Promise<void> {
  const application = getApplication(applicationId)
  await transaction(db, async (tx) => {
    const tenant = await claimTenant(tx, actor, tenantId, undefined)
    if (!enabled && application === PLATFORM)
      throw new BuylinkError('unprocessable', 'Every tenant has the management portal.')
    const at = clock.now()
    await saveSwitch(tx, tenantId, applicationId, enabled, at)
    if (enabled && (await listSwitchedOff(tx, tenantId)).has(applicationId))
      throw platformError('cannot_enable', 'A tenant above does not have this application.')
    const about = {
      sellerId: tenant.sellerId,
      subject: { kind: 'tenant', id: tenantId },
      tenantId,
      actor,
      correlationId: actor.correlationId,
      at,
    }
    const word = enabled ? 'bind' : 'unbind'
    const details = { application_id: applicationId }
    await publish(tx, { ...about, type: `application.${enabled ? 'bound' : 'unbound'}`, payload: details })
    await audit(tx, { ...about, action: `application.${word}`, details })
  })
}
