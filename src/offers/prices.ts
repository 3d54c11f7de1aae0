import { chargeable, chargedMonths, monthlyOf, taxOn } from '../catalog/rules.ts'
import type { Plan, PlanPeriod, PlanResource } from '../catalog/schema.ts'
import { divideHalfUp } from '../kernel/decimal.ts'
import { daysLeft, type Term } from '../orders/rules.ts'

/** What of a price the comparison of offers needs: with tax, rounded line by line as the order will be. */
export interface Cost {
  readonly todayMinor: bigint
  readonly monthlyMinor: bigint
}

export const NOTHING: Cost = { todayMinor: 0n, monthlyMinor: 0n }

export const plus = (one: Cost, other: Cost): Cost => ({
  todayMinor: one.todayMinor + other.todayMinor,
  monthlyMinor: one.monthlyMinor + other.monthlyMinor,
})

const minus = (one: Cost, other: Cost): Cost => ({
  todayMinor: one.todayMinor - other.todayMinor,
  monthlyMinor: one.monthlyMinor - other.monthlyMinor,
})

interface Months {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** One line with its tax. Most fees are 0, and most lines are for whole months. */
function lineMinor(
  feeMinor: bigint,
  quantity: bigint,
  { numerator, denominator }: Months,
  basisPoints: number,
): bigint {
  if (feeMinor === 0n || quantity === 0n) return 0n
  const exact = feeMinor * quantity * numerator
  const net = denominator === 1n ? exact : divideHalfUp(exact, denominator)
  return basisPoints === 0 ? net : net + taxOn(net, basisPoints)
}

const ONCE: Months = { numerator: 1n, denominator: 1n }

/** A new subscription: its period, without resources. */
export const periodCost = (period: PlanPeriod, basisPoints: number): Cost => ({
  todayMinor:
    lineMinor(period.setupFeeMinor, 1n, ONCE, basisPoints) +
    lineMinor(period.recurringFeeMinor, 1n, chargedMonths(period.duration), basisPoints),
  monthlyMinor: lineMinor(period.recurringFeeMinor, 1n, ONCE, basisPoints),
})

/** So much of a resource of a new subscription. */
export function resourceCost(resource: PlanResource, quantity: bigint, period: PlanPeriod, basisPoints: number): Cost {
  const units = chargeable(resource, quantity)
  if (units === 0n) return NOTHING
  return {
    todayMinor:
      lineMinor(resource.setupFeeMinor, units, ONCE, basisPoints) +
      lineMinor(resource.recurringFeeMinor, units, chargedMonths(period.duration), basisPoints),
    monthlyMinor: lineMinor(resource.recurringFeeMinor, units, ONCE, basisPoints),
  }
}

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
  return {
    todayMinor:
      lineMinor(resource.setupFeeMinor, after - before, ONCE, basisPoints) +
      lineMinor(resource.recurringFeeMinor, after - before, months, basisPoints),
    monthlyMinor:
      lineMinor(resource.recurringFeeMinor, after, ONCE, basisPoints) -
      lineMinor(resource.recurringFeeMinor, before, ONCE, basisPoints),
  }
}

/** A month of a plan with such quantities. */
export const monthlyMinor = (
  plan: Plan,
  period: PlanPeriod,
  quantities: ReadonlyMap<string, bigint>,
  basisPoints: number,
): bigint =>
  plan.resources.reduce(
    (sum, resource) =>
      sum +
      lineMinor(
        resource.recurringFeeMinor,
        chargeable(resource, quantities.get(resource.id) ?? resource.minimum),
        ONCE,
        basisPoints,
      ),
    lineMinor(period.recurringFeeMinor, 1n, ONCE, basisPoints),
  )

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

/** Net and tax of a new subscription: `priceOrder` without its lines, for the many that nobody will see. */
export function orderSums(
  plan: Plan,
  period: PlanPeriod,
  quantities: ReadonlyMap<string, bigint>,
  basisPoints: number,
): { readonly netMinor: bigint; readonly taxMinor: bigint } {
  const months = chargedMonths(period.duration)
  let [netMinor, taxMinor] = [0n, 0n]
  const add = (feeMinor: bigint, units: bigint, { numerator, denominator }: Months): void => {
    if (feeMinor === 0n || units === 0n) return
    const exact = feeMinor * units * numerator
    const net = denominator === 1n ? exact : divideHalfUp(exact, denominator)
    netMinor += net
    if (basisPoints !== 0) taxMinor += taxOn(net, basisPoints)
  }
  add(period.setupFeeMinor, 1n, ONCE)
  add(period.recurringFeeMinor, 1n, months)
  for (const resource of plan.resources) {
    const units = chargeable(resource, quantities.get(resource.id) ?? resource.minimum)
    add(resource.setupFeeMinor, units, ONCE)
    add(resource.recurringFeeMinor, units, months)
  }
  return { netMinor, taxMinor }
}
