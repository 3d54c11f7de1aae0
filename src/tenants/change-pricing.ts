import type { TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import { platformError } from '../platform/http/v2.ts'
import { claimTenant } from './claim-tenant.ts'
import { findProfile } from './profile-store.ts'
import { tellOf } from './publish-tenant.ts'
import { pricingAt } from './rules.ts'
import type { PricingMode, TenantProfile } from './schema.ts'
import { updateTenant } from './store.ts'

export interface PricingWrite {
  readonly id: TenantId
  /** Of the pricing, which has its own; 0 until it is first written. */
  readonly version: bigint
  readonly mode?: PricingMode | undefined
  readonly currency?: string | null | undefined
  readonly productionStartDate?: Date | null | undefined
}

/**
 * Changes how a tenant is billed. A trial becomes production once; there is no way back (facts/acronis-upsell.md §4.3).
 * Its version is the instant of the write in milliseconds, as in the documents. Publishes `tenant.updated`.
 *
 * @throws {BuylinkError} Platform codes 1001: written since; 1002: the actor's own; 1027: back to a trial, or a start that is not ahead.
 */
export async function changePricing(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  write: PricingWrite,
): Promise<TenantProfile> {
  return transaction(db, async (tx) => {
    const tenant = await claimTenant(tx, actor, write.id, undefined)
    const at = clock.now()
    const context = { id: String(tenant.number) }
    if (tenant.id === actor.tenantId && tenant.parentId !== null)
      throw platformError('access_denied', 'How a tenant is billed is decided by who stands above it.', context)
    if (write.version !== tenant.pricingVersion)
      throw platformError(
        'version_mismatch',
        `The pricing is at version ${tenant.pricingVersion}; read it again.`,
        context,
      )
    const before = pricingAt(tenant, at)
    const mode = write.mode ?? before
    if (mode === 'trial' && before !== 'trial')
      throw platformError('business_rules', 'A trial that has ended does not begin again.', context)
    const start = write.productionStartDate
    if (mode === 'trial' && start && start <= at)
      throw platformError('business_rules', 'A trial ends in the future.', context)
    const begins = before === 'trial' && mode !== 'trial'
    const version = BigInt(at.getTime())
    const changed = await updateTenant(tx, tenant.id, at, {
      pricingMode: mode,
      pricingVersion: version > tenant.pricingVersion ? version : tenant.pricingVersion + 1n,
      ...(write.currency !== undefined && { pricingCurrency: write.currency }),
      ...(begins ? { productionStartAt: at } : mode === 'trial' && start ? { productionStartAt: start } : {}),
    })
    if (!changed) throw platformError('tenant_not_found', 'There is no such tenant.')
    await tellOf(tx, actor, changed, at)('updated', { version: String(changed.version), fields: ['pricing_mode'] })
    return (await findProfile(tx, changed, tenant.id)) as TenantProfile
  })
}
