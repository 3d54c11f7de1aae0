import { BuylinkError } from '../kernel/errors.ts'
import type { CorrelationId, SellerId, TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Tx } from '../platform/db.ts'
import { quotaOf, setQuota } from '../quotas/index.ts'
import { systemActor } from '../tenants/index.ts'
import { keepRaise, lowerRaises } from './personal-store.ts'
import { findPersonal, tenantPath } from './personal-view.ts'
import { personalRise } from './rules.ts'
import type { OfferId } from './store.ts'

interface About {
  readonly sellerId: SellerId
  readonly correlationId: CorrelationId
}

/**
 * The purchase raises the tenant's quota and the personal one with it (spec/upsell.md "The closed loop"), where the
 * user's own had run out too: by as much, at least until the user is short no more. Call it once for an offer.
 */
export async function raisePersonal(tx: Tx, clock: Clock, about: About, offerId: OfferId): Promise<void> {
  for (const { tenantId, usageName, orderId, tenantRise } of await findPersonal(tx, about.sellerId, offerId)) {
    const quota = await quotaOf(tx, about.sellerId, { tenantId, usageName })
    const measure = quota.measurementUnit === 'bytes' ? 'bytes' : 'count'
    const units = personalRise({ ...quota, measure }, tenantRise)
    if (units <= 0n || !(await addToBase(tx, clock, about, { tenantId, usageName }, units))) continue
    await keepRaise(tx, { ...about, offerId, usageName, orderId, tenantId, units, at: clock.now() })
  }
}

/** An order was taken back: what rose with it falls with it, once. */
export async function lowerPersonal(tx: Tx, clock: Clock, about: About, undoneOrderId: string): Promise<void> {
  for (const { units, ...key } of await lowerRaises(tx, about.sellerId, undoneOrderId, clock.now()))
    await addToBase(tx, clock, about, key, -units)
}

/**
 * What was given by hand, changed by so much; never below nothing. An unlimited quota stays as it is.
 *
 * @returns Whether it was changed: the customer's hard quota may leave no room for it.
 */
async function addToBase(
  tx: Tx,
  clock: Clock,
  { sellerId, correlationId }: About,
  key: { readonly tenantId: TenantId; readonly usageName: string },
  units: bigint,
): Promise<boolean> {
  const [quota, path] = [await quotaOf(tx, sellerId, key), await tenantPath(tx, key.tenantId)]
  if (quota.base === null || path === undefined) return false
  const base = quota.base + units
  const actor = systemActor(sellerId, key.tenantId, path, 'offers', correlationId)
  try {
    await setQuota(tx, clock, actor, { ...key, to: { base: base > 0n ? base : 0n, overage: quota.overage } })
    return true
  } catch (error) {
    if (error instanceof BuylinkError && error.code === 'unprocessable') return false
    throw error
  }
}
