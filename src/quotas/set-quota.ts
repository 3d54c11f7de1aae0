import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { changeQuotas } from './change-quotas.ts'
import { hardQuotasOfUsers, type QuotaTenant, quotaTenant } from './level-view.ts'
import { quotaOf } from './quota-view.ts'
import { valueOf, whyNoQuota } from './rules.ts'
import type { Quota } from './schema.ts'
import { putQuota } from './store.ts'

export interface QuotaChange {
  readonly tenantId: TenantId
  readonly usageName: string
  /** `base`: what was given by hand. `value`: the total, as API v2 has it: the base becomes what grants leave of it. */
  readonly to: { readonly overage: bigint | null } & (
    | { readonly base: bigint | null }
    | { readonly value: bigint | null }
  )
  /** The version that was read; undefined: whatever it is. An unlimited quota is read as version 0 too. */
  readonly ifVersion?: bigint | undefined
}

/**
 * Sets a tenant's quota of one usage; what subscriptions grant stays as it is. Alerts follow in the same transaction.
 * Publishes `quota.updated`.
 *
 * @returns The quota as it is now.
 * @throws {BuylinkError} `not_found`; `version_mismatch`; `unprocessable`: no quota of that kind at such a tenant, or
 *   users' hard quotas that add up to more than the customer's (facts §5.3).
 */
export async function setQuota(db: Db | Tx, clock: Clock, actor: Principal, change: QuotaChange): Promise<Quota> {
  return transaction(db, async (tx) => {
    const tenant = await quotaTenant(tx, actor, change.tenantId)
    const { sellerId, tenantId, customerId } = tenant
    const { usageName, to } = change
    const key = { tenantId, usageName }
    const alsoLocked = customerId === null || customerId === tenantId ? [] : [{ tenantId: customerId, usageName }]
    const about = { sellerId, keys: [key], alsoLocked, at: clock.now(), correlationId: actor.correlationId }
    await changeQuotas(tx, about, async () => {
      const before = await quotaOf(tx, sellerId, key)
      const isUnset = before.value === null && before.overage === null && change.ifVersion === 0n
      if (change.ifVersion !== undefined && change.ifVersion !== before.version && !isUnset)
        throw new BuylinkError('version_mismatch', 'The quota was changed meanwhile: read it again.')
      const base = 'base' in to ? to.base : to.value === null ? null : to.value - before.granted
      const overage = base === null ? null : to.overage
      const problem = whyNoQuota(tenant.level, { overage })
      if (problem !== undefined) throw new BuylinkError('unprocessable', problem)
      await assertWithinCustomer(tx, tenant, usageName, base, before.granted, overage)
      await putQuota(tx, { sellerId, ...key, base, overage, at: about.at })
    })
    const quota = await quotaOf(tx, sellerId, key)
    const told = {
      sellerId,
      subject: { kind: 'quota', id: `${tenantId}/${usageName}` },
      tenantId,
      actor,
      correlationId: actor.correlationId,
      at: about.at,
    }
    const details = {
      usage_name: usageName,
      base: quota.base,
      granted: quota.granted,
      value: quota.value,
      overage: quota.overage,
    }
    await publish(tx, { ...told, type: 'quota.updated', payload: { tenant_id: tenantId, ...details } })
    await audit(tx, { ...told, action: 'quota.set', details })
    return quota
  })
}

/** The customer's row is locked with the user's, so two users cannot both take the last of it. */
async function assertWithinCustomer(
  tx: Tx,
  { sellerId, tenantId, customerId, level }: QuotaTenant,
  usageName: string,
  base: bigint | null,
  granted: bigint,
  overage: bigint | null,
): Promise<void> {
  const value = valueOf(base, granted)
  if (level !== 'user' || customerId === null || value === null || overage === null) return
  const customer = await quotaOf(tx, sellerId, { tenantId: customerId, usageName })
  if (customer.value === null || customer.overage === null) return
  const others = await hardQuotasOfUsers(tx, sellerId, customerId, usageName, tenantId)
  const room = customer.value + customer.overage - others
  if (value + overage > room)
    throw new BuylinkError(
      'unprocessable',
      `The customer’s hard quota leaves ${room > 0n ? room : 0n} for this user: the hard quotas of its users may not add up to more.`,
    )
}
