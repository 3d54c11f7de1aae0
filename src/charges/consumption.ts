import type { CatalogSnapshot, PlanResource } from '../catalog/schema.ts'
import { decimal, formatDecimal } from '../kernel/decimal.ts'
import { HOUR_MS } from '../kernel/time.ts'
import type { Tx } from '../platform/db.ts'
import { usageAt } from '../usage/index.ts'
import { exactOf } from './rules.ts'
import type { ConsumptionRecord, MeteredSubscription } from './schema.ts'

/** A resource that is paid for by use, and the usage that tells how much. */
export interface Meter {
  readonly resource: PlanResource
  readonly usageName: string
  readonly perUnit: bigint
  readonly unitPrice: string
  readonly unitCosts: readonly string[] | null
}

export function metersOf(snapshot: CatalogSnapshot, planId: string): Meter[] {
  const { resources = [], costs } = snapshot.plans.get(planId) ?? {}
  const costsOf = (id: string) =>
    costs?.map((cost) => {
      const price = cost.resources.find((each) => each.id === id)?.unitPrice
      return price ? formatDecimal(price) : '0'
    }) ?? null
  return resources.flatMap((resource) =>
    resource.quota && resource.unitPrice
      ? [
          {
            resource,
            usageName: resource.quota.usageName,
            perUnit: resource.quota.perUnit,
            unitPrice: formatDecimal(resource.unitPrice),
            unitCosts: costsOf(resource.id),
          },
        ]
      : [],
  )
}

export interface Difference extends ConsumptionRecord {
  /** What it adds to the charge, in 10^−12 major units × usage. */
  readonly exact: bigint
}

/**
 * What is in force at the end of each hour, against what is on record of it.
 *
 * @param period First day of the one that is open: what is found is charged in it.
 */
export async function differencesOf(
  tx: Tx,
  { subscription, meters }: { readonly subscription: MeteredSubscription; readonly meters: readonly Meter[] },
  hours: readonly Date[],
  records: readonly ConsumptionRecord[],
  period: string,
): Promise<Difference[]> {
  const ends = hours.map((hour) => new Date(hour.getTime() + HOUR_MS))
  const names = [...new Set(meters.map(({ usageName }) => usageName))]
  const used = await usageAt(tx, subscription.sellerId, subscription.tenantId, names, ends)
  const quantityAt = new Map(used.map(({ usageName, at, value }) => [`${usageName} ${at.getTime()}`, value]))
  const known = Map.groupBy(records, (record) => `${record.resourceId} ${record.hour.getTime()}`)
  return hours.flatMap((hour) =>
    meters.flatMap(({ resource, usageName, perUnit, unitPrice, unitCosts }) => {
      const quantity = quantityAt.get(`${usageName} ${hour.getTime() + HOUR_MS}`) ?? 0n
      const before = known.get(`${resource.id} ${hour.getTime()}`) ?? []
      const difference = quantity - before.reduce((sum, record) => sum + record.quantity, 0n)
      if (difference === 0n) return []
      // An hour keeps the price it was rated at.
      const priced = before.find(({ corrects }) => corrects === 0) ?? { perUnit, unitPrice, unitCosts }
      return [
        {
          resourceId: resource.id,
          hour,
          corrects: 0,
          period,
          quantity,
          perUnit: priced.perUnit,
          unitPrice: priced.unitPrice,
          unitCosts: priced.unitCosts,
          exact: exactOf(difference, decimal(priced.unitPrice)),
        },
      ]
    }),
  )
}
