import type { SellerId, TenantId } from '../kernel/ids.ts'
import { DAY_MS } from '../kernel/time.ts'
import type { Db } from '../platform/db.ts'
import { type DailyUsage, dailyUsageOf } from '../usage/index.ts'
import { dayOf } from '../usage/rules.ts'
import { type Forecast, forecastOf, TREND_DAYS } from './forecast-rules.ts'
import { quotaOf, quotasOf } from './quota-view.ts'
import type { Quota } from './schema.ts'

export interface UsageHistory extends Quota {
  readonly samples: DailyUsage[]
  readonly forecast: Forecast
}

/**
 * A tenant's quotas with what was used of each on the days behind, and when it will run out.
 *
 * @param days So many days are told, today among them; the forecast looks at its own.
 * @param usageName This one alone, whether it has a quota or not.
 */
export async function usageHistoryOf(
  db: Db,
  sellerId: SellerId,
  tenantId: TenantId,
  { now, days, usageName }: { readonly now: Date; readonly days: number; readonly usageName?: string | undefined },
): Promise<UsageHistory[]> {
  const quotas =
    usageName === undefined
      ? await quotasOf(db, sellerId, tenantId)
      : [await quotaOf(db, sellerId, { tenantId, usageName })]
  const today = dayOf(now)
  const daysAgo = (count: number): string => dayOf(new Date(now.getTime() - (count - 1) * DAY_MS))
  const since = daysAgo(days)
  return Promise.all(
    quotas.map(async (quota) => {
      const key = { tenantId, usageName: quota.usageName }
      const samples = await dailyUsageOf(db, sellerId, key, daysAgo(Math.max(days, TREND_DAYS)))
      const { measurementUnit: unit, value, used } = quota
      return {
        ...quota,
        samples: samples.filter(({ day }) => day >= since && day <= today),
        forecast: forecastOf({ unit, value, used: used ?? 0n, today, samples }),
      }
    }),
  )
}
