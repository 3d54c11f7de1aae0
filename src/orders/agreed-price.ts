import { chargeable, chargedMonths, lineOf, type QuoteLine } from '../catalog/rules.ts'
import type { Plan, PlanPeriod } from '../catalog/schema.ts'
import type { Running } from './rules.ts'
import type { AnnouncedPrice } from './schema.ts'

/** What a subscription costs a month, net, at fees that were announced; what is new since then is not in them. */
export function announcedMonthly(
  { periods, resources }: AnnouncedPrice,
  plan: Plan,
  planPeriodId: string,
  quantities: ReadonlyMap<string, bigint>,
): bigint {
  return plan.resources.reduce(
    (sum, resource) =>
      sum + (resources.get(resource.id) ?? 0n) * chargeable(resource, quantities.get(resource.id) ?? resource.minimum),
    periods.get(planPeriodId) ?? 0n,
  )
}

/**
 * The line that takes off what today's price a month is above the agreed one, or above what was announced for the time the
 * period begins in (docs/adr/0014-prices-over-time.md). Another period than the running one is a new agreement, and so is
 * what follows a trial.
 *
 * @param todayMinor Net a month, at the catalogue's fees.
 * @returns undefined where today's price is the price.
 */
export function keptLine(
  { subscription, announced = [] }: Running,
  {
    plan,
    period,
    quantities,
    startsAt,
    todayMinor,
    basisPoints,
  }: {
    readonly plan: Plan
    readonly period: PlanPeriod
    readonly quantities: ReadonlyMap<string, bigint>
    readonly startsAt: Date
    readonly todayMinor: bigint
    readonly basisPoints: number
  },
): QuoteLine | undefined {
  if (subscription.trial || period.id !== subscription.planPeriodId) return undefined
  const inForce = announced.find(({ effectiveAt }) => effectiveAt <= startsAt)
  const announcedMinor = inForce ? announcedMonthly(inForce, plan, period.id, quantities) : 0n
  const mostMinor = announcedMinor > subscription.recurringMinor ? announcedMinor : subscription.recurringMinor
  if (todayMinor <= mostMinor) return undefined
  const months = chargedMonths(period.duration)
  const unitMinor = mostMinor - todayMinor
  return lineOf(
    { kind: 'period_kept', itemId: period.id, description: plan.name, quantity: 1n, months, unitMinor },
    basisPoints,
  )
}
