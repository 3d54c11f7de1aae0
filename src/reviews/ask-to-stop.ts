import { newId, type SellerId, type SubscriptionId, type TenantId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import { insertReview } from './store.ts'

/**
 * Asks a person whether what a credit hold would stop may go on (facts A3.7, A3.10 "waiting for manual approve"). It runs
 * meanwhile. Asked again in the same hold: no change, whatever was decided.
 *
 * @param spendable What the account may still spend, as it is written: `-3.00 USD`.
 */
export async function askToStop(
  tx: Tx,
  {
    sellerId,
    accountId,
    subscriptionIds,
    spendable,
    at,
  }: {
    readonly sellerId: SellerId
    readonly accountId: TenantId
    readonly subscriptionIds: readonly SubscriptionId[]
    readonly spendable: string
    readonly at: Date
  },
): Promise<void> {
  const reasons = [{ code: 'credit_hold', detail: spendable }] as const
  const common = { sellerId, kind: 'credit_hold', orderId: null, accountId, reasons, at } as const
  for (const subscriptionId of subscriptionIds)
    await insertReview(tx, { ...common, id: newId(at.getTime()), subscriptionId })
}
