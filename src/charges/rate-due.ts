import { belowZero } from '../accounts/index.ts'
import type { Catalog } from '../catalog/index.ts'
import { type Clock, HOUR_MS } from '../kernel/time.ts'
import type { Db } from '../platform/db.ts'
import { dueToRate } from './metered-view.ts'
import { rateSubscription } from './rate-subscription.ts'
import { reviewCredit } from './review-credit.ts'

/** Subscriptions a run takes on; what is left is due again with the next one. */
const MOST = 500

/**
 * Rates every hour that has ended, of every running pay-as-you-go subscription, and looks at the credit of those who
 * pay. One that fails does not keep the others
 * from being rated; its failure is thrown in the end.
 *
 * @returns How many subscriptions were rated.
 */
export async function rateDue(db: Db, clock: Clock, catalog: Catalog): Promise<number> {
  const failures: unknown[] = []
  const due = await dueToRate(db, new Date(clock.now().getTime() - HOUR_MS), MOST)
  for (const subscription of due) {
    const rate = async () => {
      await rateSubscription(db, clock, catalog, subscription)
      await reviewCredit(db, clock, subscription.sellerId, subscription.accountId)
    }
    await rate().catch((error: unknown) => failures.push(error))
  }
  // Time alone puts on hold who has been below zero for too long.
  for (const { sellerId, id } of await belowZero(db, MOST)) await reviewCredit(db, clock, sellerId, id)
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} subscriptions could not be rated`)
  return due.length
}
