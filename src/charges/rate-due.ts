import { belowZero } from '../accounts/index.ts'
import type { Catalog } from '../catalog/index.ts'
import type { SubscriptionId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Db } from '../platform/db.ts'
import { dueToRate } from './metered-view.ts'
import { rateSubscription } from './rate-subscription.ts'
import { reviewCredit } from './review-credit.ts'
import type { MeteredSubscription } from './schema.ts'

/** Subscriptions that are taken on at a time. */
const BATCH = 500
/** And of these, at the same time: enough to keep the database busy, few enough to leave connections to requests. */
const LANES = 4

/**
 * Rates every hour that has ended, of every running pay-as-you-go subscription, closes months that are over, and looks at
 * the credit of those who pay. One that fails does not keep the others from being rated; its failure is thrown in the end.
 *
 * @returns How many subscriptions were looked at.
 */
export async function rateDue(db: Db, clock: Clock, catalog: Catalog, batch = BATCH): Promise<number> {
  const failures: unknown[] = []
  const seen: SubscriptionId[] = []
  const rate = async (subscription: MeteredSubscription): Promise<void> => {
    while ((await rateSubscription(db, clock, catalog, subscription)) > 0);
  }
  for (;;) {
    const due = await dueToRate(db, { clock, limit: batch, skipped: seen })
    const waiting = [...due]
    const lane = async (): Promise<void> => {
      for (let subscription = waiting.shift(); subscription; subscription = waiting.shift())
        await rate(subscription).catch((error: unknown) => failures.push(error))
    }
    await Promise.all(Array.from({ length: LANES }, lane))
    seen.push(...due.map(({ id }) => id))
    if (due.length < batch) break
  }
  // Time alone puts on hold who has been below zero for too long.
  for (const { sellerId, id } of await belowZero(db, clock)) await reviewCredit(db, clock, sellerId, id)
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} subscriptions could not be rated`)
  return seen.length
}
