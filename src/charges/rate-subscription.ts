import { lockCredit } from '../accounts/index.ts'
import type { Catalog } from '../catalog/index.ts'
import { taxRateFor } from '../catalog/rules.ts'
import type { Plan } from '../catalog/schema.ts'
import { type Clock, HOUR_MS, MINUTE_MS } from '../kernel/time.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { pausesOf } from '../subscriptions/index.ts'
import { earliestLateUsage } from '../usage/index.ts'
import { addToCharges } from './add-to-charges.ts'
import { type Difference, differencesOf, type Meter, metersOf } from './consumption.ts'
import { chargeTold } from './charge-told.ts'
import { closePeriod } from './post-charges.ts'
import { reviewCredit } from './review-credit.ts'
import { byPeriod, hoursBetween, isBefore, isPaused, type Period, periodFrom, periodOf, type Running } from './rules.ts'
import type { ConsumptionRecord, MeteredSubscription, Rating } from './schema.ts'
import { lockRating, recordsOf, saveRating, writeRecords } from './store.ts'

/** In one transaction: two days of a server that was down. What is left is due again at once. */
const MOST_HOURS = 48
/** Usage may be committed a little later than the time it was received at; looking twice changes nothing. */
const OVERLAP_MS = 10 * MINUTE_MS

interface Work {
  readonly subscription: MeteredSubscription
  readonly running: Running
  readonly plan: Plan | undefined
  readonly meters: readonly Meter[]
  readonly basisPoints: number
  readonly at: Date
}

/**
 * Rates the hours of a pay-as-you-go subscription that have ended: the quantity in force at the end of an hour × the
 * unit price of that moment makes blocked charges, which hold funds of the account (spec/commerce.md "Pay as you go").
 * Hours are those the service ran, counted from activation and anew after each stop, so the first usage is charged an
 * hour after it. What an external service told is charged as it said. Usage that arrived late is rated again: into its own hour while its period is open, else as a correction
 * in the open one. A period that has ended, on the billing day, is closed into income: with the first hour of the next one, or, of what
 * stands still, once it is over. What the account may go on with is decided anew once all hours are rated. Under the rating's row lock, so rating at once, again, or in other batches changes nothing.
 *
 * @returns How many hours were rated.
 */
export async function rateSubscription(
  db: Db,
  clock: Clock,
  catalog: Catalog,
  subscription: MeteredSubscription,
): Promise<number> {
  const snapshot = await catalog.get(subscription.sellerId)
  return transaction(db, async (tx) => {
    const at = clock.now()
    const { sellerId, accountId, activatedAt: start } = subscription
    // As everyone who looks at the credit: the account before its balance.
    await lockCredit(tx, sellerId, accountId)
    let rating = await lockRating(tx, subscription, {
      ratedUntil: start,
      period: periodOf(start, subscription.billingDay),
      seenAt: start,
      corrections: 0,
    })
    const running = { activatedAt: start, pauses: await pausesOf(tx, subscription.sellerId, subscription.id) }
    const work: Work = {
      subscription,
      running,
      plan: snapshot.plans.get(subscription.planId),
      meters: metersOf(snapshot, subscription.planId),
      basisPoints: taxRateFor(snapshot.taxRates, subscription)?.basisPoints ?? 0,
      at,
    }
    rating = await rateLate(tx, work, rating)
    const hours = hoursBetween(running, rating.ratedUntil, at, MOST_HOURS)
    const { billingDay } = subscription
    for (const { period, hours: ofPeriod } of byPeriod(rating.period, hours, billingDay)) {
      rating = await openPeriod(tx, work, rating, period)
      await rateHours(tx, work, period, ofPeriod)
    }
    if (isPaused(running) && hours.length < MOST_HOURS)
      rating = await openPeriod(tx, work, rating, periodFrom(rating.period, at, billingDay))
    await chargeTold(tx, subscription, work.plan, { ...work, period: rating.period })
    const last = hours.at(-1)
    await saveRating(tx, subscription, {
      ...rating,
      ratedUntil: last ? new Date(last.getTime() + HOUR_MS) : rating.ratedUntil,
      seenAt: new Date(Math.max(rating.seenAt.getTime(), at.getTime() - OVERLAP_MS)),
    })
    // In the same breath: a crash in between would leave who owes running until there is something to rate again.
    if (hours.length < MOST_HOURS) await reviewCredit(tx, clock, sellerId, accountId)
    return hours.length
  })
}

/** Closes the period before, where another one begins. */
async function openPeriod(tx: Tx, work: Work, rating: Rating, period: Period): Promise<Rating> {
  const { subscription, plan, at } = work
  if (period.starts === rating.period.starts) return rating
  await chargeTold(tx, subscription, plan, { ...work, period: rating.period })
  await closePeriod(tx, subscription, rating.period.starts, at)
  return { ...rating, period }
}

/** Rates hours of the open period for the first time; each hour's change of the charges is a posting of its own. */
async function rateHours(tx: Tx, work: Work, period: Period, hours: readonly Date[]): Promise<void> {
  const differences = await differencesOf(tx, work, hours, [], period.starts)
  await writeRecords(tx, work.subscription, differences)
  const byHour = Map.groupBy(differences, ({ hour }) => hour.getTime())
  await addToCharges(
    tx,
    work.subscription,
    { ...work, period },
    [...byHour].map(([time, ofHour]) => ({
      naturalKey: `usage:${work.subscription.id}:${new Date(time).toISOString()}`,
      differences: ofHour,
    })),
  )
}

async function rateLate(tx: Tx, work: Work, rating: Rating): Promise<Rating> {
  const { subscription, running } = work
  const late = await earliestLateUsage(tx, subscription.sellerId, subscription.tenantId, {
    after: rating.seenAt,
    before: rating.ratedUntil,
  })
  if (!late) return rating
  // The hour that it fell into is counted from a start of its own.
  const hours = hoursBetween(running, new Date(late.getTime() - HOUR_MS), rating.ratedUntil)
  const records = await recordsOf(tx, subscription, hours)
  const differences = await differencesOf(tx, work, hours, records, rating.period.starts)
  if (differences.length === 0) return rating
  const corrections = rating.corrections + 1
  const written = differences.map((difference) => asLate(rating, difference, corrections, records))
  await writeRecords(tx, subscription, written)
  const naturalKey = `usage:${subscription.id}:late:${corrections}`
  await addToCharges(tx, subscription, { ...work, period: rating.period }, [{ naturalKey, differences }])
  return { ...rating, corrections }
}

/** An hour of the open period is written anew; beside one of a closed period goes the difference. */
function asLate(
  { period }: Rating,
  difference: Difference,
  corrects: number,
  records: readonly ConsumptionRecord[],
): ConsumptionRecord {
  if (!isBefore(period, difference.hour)) return difference
  const known = records
    .filter(
      ({ resourceId, hour }) => resourceId === difference.resourceId && hour.getTime() === difference.hour.getTime(),
    )
    .reduce((sum, { quantity }) => sum + quantity, 0n)
  return { ...difference, corrects, quantity: difference.quantity - known }
}
