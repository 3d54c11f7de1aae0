import type { CorrelationId, SellerId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import { lockUsages, type UsageKey } from '../usage/index.ts'
import { settleAlerts } from './settle-alerts.ts'
import { raiseVersions } from './store.ts'

/**
 * Changes quotas or grants, and lets alerts follow in the same transaction. Waits for usage that is being reported and
 * makes what comes next wait, so what is decided on is what is true at the commit.
 *
 * @param keys Every usage the change may touch.
 */
export async function changeQuotas<Result>(
  tx: Tx,
  about: {
    readonly sellerId: SellerId
    readonly keys: readonly UsageKey[]
    /** Usages of others that the change is decided on. */
    readonly alsoLocked?: readonly UsageKey[]
    readonly at: Date
    readonly correlationId: CorrelationId
  },
  change: () => Promise<Result>,
): Promise<Result> {
  const { sellerId, keys, at, correlationId } = about
  await lockUsages(tx, sellerId, [...keys, ...(about.alsoLocked ?? [])])
  const result = await change()
  await raiseVersions(tx, sellerId, keys, at)
  await settleAlerts(tx, sellerId, keys, at, () => correlationId)
  return result
}
