import type { SellerId, TenantId } from '../kernel/ids.ts'
import { DAY_MS } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { createUsageIntake } from '../quotas/index.ts'
import { tenantOf } from '../tenants/index.ts'
import type { UsageReport } from '../usage/index.ts'
import type { DemonstrationDeps } from './deps.ts'
import { CUSTOMER, USAGE } from './northwind.ts'

const HISTORY_DAYS = 60
const SOURCE = 'urn:buylink:demonstration'

/** Contoso, as long as it is there. */
export const findContoso = (db: Db, sellerId: SellerId): Promise<{ readonly id: TenantId } | undefined> =>
  db
    .selectFrom('tenants')
    .where('parent_id', '=', tenantOf(sellerId))
    .where('kind', '=', 'customer')
    .where('name', '=', CUSTOMER)
    .select(['id'])
    .orderBy('number')
    .executeTakeFirst()

/**
 * Sixty days of Contoso's usage that rise to what is used today, each usage by its own curve, reported as any other
 * usage is: so its alerts are open. Reported once; each of them is known by its id.
 */
export async function loadUsage(
  { db, clock }: DemonstrationDeps,
  operator: Principal,
  sellerId: SellerId,
): Promise<void> {
  const contoso = await findContoso(db, sellerId)
  if (!contoso) return
  const today = clock.now()
  const reports = Object.entries(USAGE).flatMap(([usageName, value]) =>
    Array.from({ length: HISTORY_DAYS + 1 }, (_, day): UsageReport => {
      const daysAgo = HISTORY_DAYS - day
      // From 55 % sixty days ago to all of it today.
      const share = BigInt(1000 - Math.round((450 * daysAgo) / HISTORY_DAYS))
      return {
        source: SOURCE,
        eventId: `${usageName}-${daysAgo}`,
        tenantId: contoso.id,
        usageName,
        at: new Date(today.getTime() - daysAgo * DAY_MS),
        change: { value: (value * share) / 1000n },
      }
    }),
  )
  await createUsageIntake(db, clock).report(operator, reports)
}
