import type { SubscriptionId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { type Db, transaction } from '../platform/db.ts'
import type { ActivationRequest, Connector } from '../provisioning/schema.ts'
import { putGrant } from './store.ts'

/** What a subscription's resources add up to, per usage: quantity × quota per unit. */
export function grantsOf(request: Pick<ActivationRequest, 'resources'>): Map<string, bigint> {
  const grants = new Map<string, bigint>()
  for (const { usageName, quotaPerUnit, quantity } of request.resources) {
    if (usageName === null || quotaPerUnit === null) continue
    grants.set(usageName, (grants.get(usageName) ?? 0n) + quantity * quotaPerUnit)
  }
  return grants
}

/**
 * The connector of plans whose service is the tenant's quota itself: activation grants what was ordered.
 * A grant is keyed by subscription and usage and is set, not added, so a repeated request changes nothing.
 */
export const createBuiltinConnector = (db: Db, clock: Clock): Connector => ({
  name: 'builtin',
  activate: async (request) => {
    await transaction(db, async (tx) => {
      for (const [usageName, units] of grantsOf(request)) {
        await putGrant(tx, {
          sellerId: request.sellerId,
          subscriptionId: request.subscriptionId as SubscriptionId,
          tenantId: request.tenantId,
          usageName,
          units,
          at: clock.now(),
        })
      }
    })
    return { kind: 'done' }
  },
})
