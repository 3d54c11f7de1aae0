import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { type Db, transaction } from '../platform/db.ts'
import type { Connector } from '../provisioning/schema.ts'
import { grantsOf } from '../subscriptions/rules.ts'
import { changeQuotas } from './change-quotas.ts'
import { grantedUsages, lockGrants, setGrants } from './store.ts'

/**
 * The connector of plans whose service is the tenant's quota itself: what runs grants what was ordered, what is stopped
 * or deleted grants nothing. All of a subscription's grants are set, not added, so a repeated request changes nothing,
 * and one that comes after a later one changes nothing either.
 */
export const createBuiltinConnector = (
  db: Db,
  clock: Clock,
  clockOf: (sellerId: SellerId) => Clock = () => clock,
): Connector => ({
  name: 'builtin',
  perform: async (request) => {
    const { sellerId, subscriptionId, tenantId, revision } = request
    const isRunning = request.operation !== 'stop' && request.operation !== 'delete'
    const grants = isRunning ? grantsOf(request.resources) : new Map<string, bigint>()
    const at = clockOf(sellerId).now()
    await transaction(db, async (tx) => {
      await lockGrants(tx, subscriptionId)
      const names = new Set([...(await grantedUsages(tx, sellerId, tenantId)), ...grants.keys()])
      const keys = [...names].map((usageName) => ({ tenantId, usageName }))
      await changeQuotas(tx, { sellerId, keys, at, correlationId: request.correlationId }, () =>
        setGrants(tx, { sellerId, subscriptionId, tenantId, revision, grants, at }),
      )
    })
    return { kind: 'done' }
  },
})
