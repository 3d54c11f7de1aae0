import type { Catalog } from '../catalog/index.ts'
import { type Clock, HOUR_MS } from '../kernel/time.ts'
import type { Db } from '../platform/db.ts'
import { dueToRate } from './metered-view.ts'
import { rateSubscription } from './rate-subscription.ts'

/** Subscriptions a run takes on; what is left is due again with the next one. */
const MOST = 500

/**
 * Rates every hour that has ended, of every running pay-as-you-go subscription. One that fails does not keep the others
 * from being rated; its failure is thrown in the end.
 *
 * @returns How many subscriptions were rated.
 */
export async function rateDue(db: Db, clock: Clock, catalog: Catalog): Promise<number> {
  const failures: unknown[] = []
  const due = await dueToRate(db, new Date(clock.now().getTime() - HOUR_MS), MOST)
  for (const subscription of due)
    await rateSubscription(db, clock, catalog, subscription).catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} subscriptions could not be rated`)
  return due.length
}
