import type { Catalog } from '../catalog/index.ts'
import { taxRateFor } from '../catalog/rules.ts'
import type { CatalogSnapshot, PlanResource } from '../catalog/schema.ts'
import { decimal, formatDecimal } from '../kernel/decimal.ts'
import { newId } from '../kernel/ids.ts'
import { type Clock, HOUR_MS, MINUTE_MS } from '../kernel/time.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { earliestLateUsage, usageAt } from '../usage/index.ts'
import { closePeriod, holdFunds } from './post-charges.ts'
import { amountOf, exactOf, hoursToRate, periodOf } from './rules.ts'
import type { ConsumptionRecord, MeteredSubscription, Rating } from './schema.ts'
import {
  blockedCharges,
  lockRating,
  recordsOf,
  saveRating,
  type StoredCharge,
  writeCharges,
  writeRecords,
} from './store.ts'

/** In one transaction: two days of a server that was down. What is left is due again at once. */
const MOST_HOURS = 48
/** Usage may be committed a little later than the time it was received at; looking twice changes nothing. */
const OVERLAP_MS = 10 * MINUTE_MS

/** A resource that is paid for by use, and the usage that tells how much. */
interface Meter {
  readonly resource: PlanResource
  readonly usageName: string
  readonly perUnit: bigint
  readonly unitPrice: string
}

interface Work {
  readonly subscription: MeteredSubscription
  readonly meters: readonly Meter[]
  readonly basisPoints: number
  readonly at: Date
}

/**
 * Rates the hours of a pay-as-you-go subscription that have ended: the quantity in force at the end of an hour × the
 * unit price of that moment makes blocked charges, which hold funds of the account (spec/commerce.md "Pay as you go").
 * Hours are counted from activation, so the first usage is charged an hour after it. Usage that arrived late is rated
 * again: into its own hour while the month is open, else as a correction in the open month. A month that has ended is
 * closed into income first. Under the rating's row lock, so rating at once, again, or in other batches changes nothing.
 *
 * @returns How many hours were rated.
 */
export async function rateSubscription(
  db: Db,
  clock: Clock,
  catalog: Catalog,
  subscription: MeteredSubscription,
  until: Date = clock.now(),
): Promise<number> {
  const snapshot = await catalog.get(subscription.sellerId)
  return transaction(db, async (tx) => {
    const at = clock.now()
    const start = subscription.activatedAt
    let rating = await lockRating(tx, subscription, {
      ratedUntil: start,
      period: periodOf(start),
      seenAt: start,
      corrections: 0,
    })
    const work: Work = {
      subscription,
      meters: metersOf(snapshot, subscription.planId),
      basisPoints: taxRateFor(snapshot.taxRates, subscription)?.basisPoints ?? 0,
      at,
    }
    rating = await rateLate(tx, work, rating)
    const hours = hoursToRate(rating.ratedUntil, until, MOST_HOURS)
    for (const [period, ofPeriod] of Map.groupBy(hours, periodOf)) {
      if (period !== rating.period) {
        await closePeriod(tx, subscription, rating.period, at)
        rating = { ...rating, period }
      }
      await rateHours(tx, work, period, ofPeriod)
    }
    const last = hours.at(-1)
    await saveRating(tx, subscription, {
      ...rating,
      ratedUntil: last ? new Date(last.getTime() + HOUR_MS) : rating.ratedUntil,
      seenAt: new Date(Math.max(rating.seenAt.getTime(), at.getTime() - OVERLAP_MS)),
    })
    return hours.length
  })
}

function metersOf(snapshot: CatalogSnapshot, planId: string): Meter[] {
  const resources = snapshot.plans.get(planId)?.resources ?? []
  return resources.flatMap((resource) =>
    resource.quota && resource.unitPrice
      ? [
          {
            resource,
            usageName: resource.quota.usageName,
            perUnit: resource.quota.perUnit,
            unitPrice: formatDecimal(resource.unitPrice),
          },
        ]
      : [],
  )
}

interface Difference extends ConsumptionRecord {
  /** What it adds to the charge, in 10^−12 major units × usage. */
  readonly exact: bigint
}

/** What is in force at the end of each hour, against what is on record of it. */
async function differencesOf(tx: Tx, { subscription, meters }: Work, hours: readonly Date[]): Promise<Difference[]> {
  const ends = hours.map((hour) => new Date(hour.getTime() + HOUR_MS))
  const names = [...new Set(meters.map(({ usageName }) => usageName))]
  const used = await usageAt(tx, subscription.sellerId, subscription.tenantId, names, ends)
  const quantityAt = new Map(used.map(({ usageName, at, value }) => [`${usageName} ${at.getTime()}`, value]))
  const known = Map.groupBy(
    await recordsOf(tx, subscription, hours),
    (record) => `${record.resourceId} ${record.hour.getTime()}`,
  )
  return hours.flatMap((hour) =>
    meters.flatMap(({ resource, usageName, perUnit, unitPrice }) => {
      const quantity = quantityAt.get(`${usageName} ${hour.getTime() + HOUR_MS}`) ?? 0n
      const before = known.get(`${resource.id} ${hour.getTime()}`) ?? []
      const difference = quantity - before.reduce((sum, record) => sum + record.quantity, 0n)
      if (difference === 0n) return []
      // An hour keeps the price it was rated at.
      const priced = before.find(({ corrects }) => corrects === 0) ?? { perUnit, unitPrice }
      return [
        {
          resourceId: resource.id,
          hour,
          corrects: 0,
          period: periodOf(hour),
          quantity,
          perUnit: priced.perUnit,
          unitPrice: priced.unitPrice,
          exact: exactOf(difference, decimal(priced.unitPrice)),
        },
      ]
    }),
  )
}

/** Rates hours of the open period; each hour's change of the charges is a posting of its own. */
async function rateHours(tx: Tx, work: Work, period: string, hours: readonly Date[]): Promise<void> {
  const differences = await differencesOf(tx, work, hours)
  await writeRecords(tx, work.subscription, differences)
  for (const [time, ofHour] of Map.groupBy(differences, ({ hour }) => hour.getTime()))
    await addToCharges(tx, work, period, ofHour, `usage:${work.subscription.id}:${new Date(time).toISOString()}`)
}

async function rateLate(tx: Tx, work: Work, rating: Rating): Promise<Rating> {
  const { subscription } = work
  const late = await earliestLateUsage(tx, subscription.sellerId, subscription.tenantId, {
    after: rating.seenAt,
    before: rating.ratedUntil,
  })
  if (!late) return rating
  const rated = Math.floor(
    (rating.ratedUntil.getTime() - Math.max(late.getTime(), subscription.activatedAt.getTime())) / HOUR_MS,
  )
  const hours = Array.from(
    { length: Math.max(1, rated + 1) },
    (_, back) => new Date(rating.ratedUntil.getTime() - (back + 1) * HOUR_MS),
  )
    .filter((hour) => hour >= subscription.activatedAt)
    .reverse()
  const differences = await differencesOf(tx, work, hours)
  if (differences.length === 0) return rating
  const corrections = rating.corrections + 1
  const written = await Promise.all(
    differences.map((difference) => asLate(tx, subscription, rating, difference, corrections)),
  )
  await writeRecords(tx, subscription, written)
  await addToCharges(tx, work, rating.period, differences, `usage:${subscription.id}:late:${corrections}`)
  return { ...rating, corrections }
}

/** An hour of the open month is written anew; beside one of a closed month goes the difference. */
async function asLate(
  tx: Tx,
  subscription: MeteredSubscription,
  { period }: Rating,
  difference: Difference,
  corrects: number,
): Promise<ConsumptionRecord> {
  if (difference.period === period) return difference
  const before = await recordsOf(tx, subscription, [difference.hour])
  const known = before
    .filter(({ resourceId }) => resourceId === difference.resourceId)
    .reduce((sum, { quantity }) => sum + quantity, 0n)
  return { ...difference, corrects, period, quantity: difference.quantity - known }
}

/** Adds consumption to the period's charges and holds, or lets go, what their rounded amounts changed by. */
async function addToCharges(
  tx: Tx,
  { subscription, basisPoints, at }: Work,
  period: string,
  differences: readonly Difference[],
  naturalKey: string,
): Promise<void> {
  const before = new Map((await blockedCharges(tx, subscription, period)).map((charge) => [charge.resourceId, charge]))
  const charges: StoredCharge[] = []
  let heldMinor = 0n
  for (const [resourceId, ofResource] of Map.groupBy(differences, (difference) => difference.resourceId)) {
    const charge = before.get(resourceId)
    const exact = ofResource.reduce((sum, difference) => sum + difference.exact, charge?.exact ?? 0n)
    const perUnit = charge?.perUnit ?? ofResource[0]?.perUnit ?? 1n
    const points = charge?.basisPoints ?? basisPoints
    const amount = amountOf(exact, perUnit, subscription.currency, points)
    heldMinor += amount.netMinor + amount.taxMinor - (charge ? charge.netMinor + charge.taxMinor : 0n)
    charges.push({ resourceId, exact, perUnit, basisPoints: points, ...amount })
  }
  await writeCharges(tx, subscription, period, charges, at)
  await holdFunds(tx, subscription, heldMinor, naturalKey, newId(at.getTime()), at)
}
