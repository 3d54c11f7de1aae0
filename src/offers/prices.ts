import { chargeable, chargedMonths, monthlyOf, taxOn } from '../catalog/rules.ts'
import type { Plan, PlanPeriod, PlanResource } from '../catalog/schema.ts'
import { divideHalfUp } from '../kernel/decimal.ts'
import { daysLeft, type Term } from '../orders/rules.ts'

/** What of a price the comparison of offers needs, rounded line by line as the order will be. */
export interface Cost {
  /** Today, and the tax on it. */
  readonly netMinor: bigint
  readonly taxMinor: bigint
  /** A month afterwards, with tax. */
  readonly monthlyMinor: bigint
}

export const NOTHING: Cost = { netMinor: 0n, taxMinor: 0n, monthlyMinor: 0n }

export const plus = (one: Cost, other: Cost): Cost => ({
  netMinor: one.netMinor + other.netMinor,
  taxMinor: one.taxMinor + other.taxMinor,
  monthlyMinor: one.monthlyMinor + other.monthlyMinor,
})

const minus = (one: Cost, other: Cost): Cost => ({
  netMinor: one.netMinor - other.netMinor,
  taxMinor: one.taxMinor - other.taxMinor,
  monthlyMinor: one.monthlyMinor - other.monthlyMinor,
})

interface Months {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** One line. Most fees are 0, and most lines are for whole months. */
function netOf(feeMinor: bigint, units: bigint, { numerator, denominator }: Months): bigint {
  if (feeMinor === 0n || units === 0n) return 0n
  const exact = feeMinor * units * numerator
  return denominator === 1n ? exact : divideHalfUp(exact, denominator)
}

const taxOf = (netMinor: bigint, basisPoints: number): bigint =>
  basisPoints === 0 || netMinor === 0n ? 0n : taxOn(netMinor, basisPoints)

/** A fee that is charged once and one that recurs, for so many units. */
function costOf(setupMinor: bigint, recurringMinor: bigint, units: bigint, months: Months, basisPoints: number): Cost {
  if (units === 0n) return NOTHING
  const once = setupMinor * units
  const term = netOf(recurringMinor, units, months)
  const month = recurringMinor * units
  return {
    netMinor: once + term,
    taxMinor: taxOf(once, basisPoints) + taxOf(term, basisPoints),
    monthlyMinor: month + taxOf(month, basisPoints),
  }
}

/** So much of a resource of a new subscription. */
export const resourceCost = (resource: PlanResource, quantity: bigint, period: PlanPeriod, basisPoints: number): Cost =>
  costOf(
    resource.setupFeeMinor,
    resource.recurringFeeMinor,
    chargeable(resource, quantity),
    chargedMonths(period.duration),
    basisPoints,
  )

/** A new subscription: `priceOrder` without its lines, for the many that nobody will see. */
export const orderCost = (
  plan: Plan,
  period: PlanPeriod,
  quantities: ReadonlyMap<string, bigint>,
  basisPoints: number,
): Cost =>
  plan.resources.reduce(
    (sum, each) => plus(sum, resourceCost(each, quantities.get(each.id) ?? each.minimum, period, basisPoints)),
    costOf(period.setupFeeMinor, period.recurringFeeMinor, 1n, chargedMonths(period.duration), basisPoints),
  )

/** From so much of a resource of a new subscription to more of it. */
export const moreCost = (
  resource: PlanResource,
  from: bigint,
  to: bigint,
  period: PlanPeriod,
  basisPoints: number,
): Cost => minus(resourceCost(resource, to, period, basisPoints), resourceCost(resource, from, period, basisPoints))

/** More of a resource that runs, for the rest of its term. */
export function changeCost(
  resource: PlanResource,
  { from, to, period, term, at }: { from: bigint; to: bigint; period: PlanPeriod; term: Term; at: Date },
  basisPoints: number,
): Cost {
  const [before, after] = [chargeable(resource, from), chargeable(resource, to)]
  const { left, of } = daysLeft(term, at)
  const whole = chargedMonths(period.duration)
  const months = { numerator: whole.numerator * left, denominator: whole.denominator * of }
  const { setupFeeMinor, recurringFeeMinor } = resource
  const monthly = (units: bigint): bigint => recurringFeeMinor * units + taxOf(recurringFeeMinor * units, basisPoints)
  return {
    ...costOf(setupFeeMinor, recurringFeeMinor, after - before, months, basisPoints),
    // Of all of it, as the renewal will round it.
    monthlyMinor: monthly(after) - monthly(before),
  }
}

/** What changing a subscription costs more a month before anything is added: today's fees instead of those agreed on. */
export function repricingMinor(
  plan: Plan,
  period: PlanPeriod,
  quantities: ReadonlyMap<string, bigint>,
  agreedMinor: bigint,
  basisPoints: number,
): bigint {
  const net = monthlyOf(plan, period, quantities) - agreedMinor
  return net + taxOn(net, basisPoints)
}
