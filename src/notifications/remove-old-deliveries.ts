import { addDays } from '../kernel/time.ts'
import type { Db } from '../platform/db.ts'
import { deleteOldDeliveries } from './delivery-store.ts'

const KEPT_DAYS = 90

/** The log of deliveries goes back ninety days. */
export const removeOldDeliveries = (db: Db, now: Date): Promise<void> =>
  deleteOldDeliveries(db, addDays(now, -KEPT_DAYS))
