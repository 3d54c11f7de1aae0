import { BuylinkError } from '../kernel/errors.ts'
import { newId, type TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { hintChange } from '../platform/changes.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { assertNotLocked, findProfile, getTenant, type Tenant, updateTenant } from '../tenants/index.ts'
import { assertMayHaveBrand, changesMail, DEFAULT_SETTINGS, withChanges } from './rules.ts'
import type { BrandOptions, OwnBrand } from './schema.ts'
import { findOwn, saveBrand } from './store.ts'

export interface BrandChange {
  readonly tenantId: TenantId
  /** The tenant's version that was last read; undefined: whatever it is. */
  readonly version?: bigint | undefined
  /** undefined: as it is; a brand that is not enabled is stored and shown nowhere. */
  readonly enabled?: boolean | undefined
  /** What differs from the options stored before, else from the defaults. */
  readonly options?: Partial<BrandOptions> | undefined
  /** Sealed; undefined keeps the stored one, unless the mail server is another one now. */
  readonly smtpPassword?: Buffer | undefined
  /** A PNG that `readLogo` has checked. */
  readonly logo?: Buffer | undefined
}

export interface ChangedBrand {
  readonly tenant: Tenant
  readonly brand: OwnBrand
}

/**
 * Changes a tenant's brand, the look and the Buy URL of it and all below it, and raises the tenant's version by one.
 * Publishes `brand.updated`.
 *
 * @throws {BuylinkError} `not_found`; `unprocessable`: customers and units have no brand; `version_mismatch`: someone
 *   else wrote meanwhile, and nothing is changed.
 */
export async function changeBrand(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  change: BrandChange,
): Promise<ChangedBrand> {
  return transaction(db, async (tx) => {
    const seen = await getTenant(tx, actor, change.tenantId)
    assertMayHaveBrand(seen.kind)
    const at = clock.now()
    // The version first: its row lock makes writers of one brand wait for each other.
    const tenant = await updateTenant(tx, seen.id, at, {})
    const profile = tenant && (await findProfile(tx, actor, seen.id))
    if (!tenant || !profile) throw new BuylinkError('not_found', 'There is no such tenant.')
    assertNotLocked(actor, profile)
    if (change.version !== undefined && tenant.version !== change.version + 1n)
      throw new BuylinkError('version_mismatch', `The tenant is at version ${tenant.version - 1n}; read it again.`)

    const before = await findOwn(tx, tenant.id)
    const options = change.options ?? {}
    const newLogotype = change.logo && newId<string>(at.getTime())
    const settings = withChanges(before?.settings ?? DEFAULT_SETTINGS, options, newLogotype)
    const logo = change.logo ?? (settings.logotype === null ? null : undefined)
    const enabled = change.enabled ?? before?.enabled ?? false
    // A password is for its server alone: who could send it to another one could read it there.
    const isOtherServer = before !== undefined && settings.smtp_server.trim() !== before.settings.smtp_server.trim()
    const smtpPassword = change.smtpPassword ?? (isOtherServer ? null : undefined)
    const forgets = smtpPassword !== undefined || changesMail(options)
    await saveBrand(tx, { tenantId: tenant.id, enabled, settings, smtpPassword, logo, at }, forgets)

    const about = {
      sellerId: tenant.sellerId,
      subject: { kind: 'tenant', id: tenant.id },
      tenantId: tenant.id,
      actor,
      correlationId: actor.correlationId,
      at,
    }
    const beside = [...(smtpPassword ? ['smtp_password'] : []), ...(change.logo ? ['logo'] : [])]
    const details = { enabled, fields: [...Object.keys(options), ...beside] }
    await publish(tx, { ...about, type: 'brand.updated', payload: details })
    await audit(tx, { ...about, action: actionOf(before?.enabled ?? false, enabled), details })
    await hintChange(tx, tenant.sellerId)
    const hasLogo = logo === undefined ? (before?.hasLogo ?? false) : logo !== null
    return {
      tenant,
      brand: {
        enabled,
        settings,
        hasLogo,
        hasSmtpPassword: smtpPassword === undefined ? (before?.hasSmtpPassword ?? false) : smtpPassword !== null,
        mailFailure: forgets ? null : (before?.mailFailure ?? null),
      },
    }
  })
}

const actionOf = (was: boolean, is: boolean): string =>
  was === is ? 'brand.update' : `brand.${is ? 'enable' : 'disable'}`
