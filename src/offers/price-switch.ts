import { chargedMonths, priceOrder, taxOn } from '../catalog/rules.ts'
import type { Plan, PlanPeriod } from '../catalog/schema.ts'
import { candidatesFor, withHighest } from '../discounts/rules.ts'
import type { GrantedDiscount } from '../discounts/schema.ts'
import { divideHalfUp } from '../kernel/decimal.ts'
import { daysLeft, type Term, unusedLine } from '../orders/rules.ts'
import { orderCost } from './prices.ts'
import type { Situation } from './schema.ts'

interface Amount {
  readonly netMinor: bigint
  readonly taxMinor: bigint
}

export interface PlanSwitchPrice extends Amount {
  readonly totalMinor: bigint
}

/** A period that is paid for. */
export interface Paid {
  readonly period: PlanPeriod
  readonly term: Term
  /** Net a month, as agreed. */
  readonly recurringMinor: bigint
  /** What came off it. */
  readonly discount: GrantedDiscount | null
}

interface NewPlan {
  readonly plan: Plan
  readonly period: PlanPeriod
  readonly quantities: ReadonlyMap<string, bigint>
}

type Where = Pick<Situation, 'catalog' | 'basisPoints' | 'customer' | 'at'>

/**
 * What a switch to another plan costs today: its period begins and is charged whole, less the unused days of the running
 * one at the price that was paid for them, at most all of it (`orders`' `judgeSwitch`, told for any quantities).
 *
 * @param from Null where nothing was paid for: a trial.
 */
export const priceSwitch = (to: NewPlan, from: Paid | null, where: Where): PlanSwitchPrice =>
  less(priceNew(to, where), unusedOf(from, where.basisPoints, where.at))

/** A first period of a plan, less what the seller takes off by itself (`priceSelection`, told for any quantities). */
export function priceNew(
  { plan, period, quantities }: NewPlan,
  { catalog: { currency, discounts }, basisPoints, customer, at }: Where,
): Amount {
  const ordered = { productId: plan.productId, planId: plan.id, planPeriodId: period.id }
  const candidates = candidatesFor(discounts, null, ordered, customer, at)
  if (candidates.length === 0) return orderCost(plan, period, quantities, basisPoints)
  return withHighest(priceOrder(plan, period, quantities, currency, basisPoints), candidates, [], period.id)
}

/** The days that are left of what was paid for. */
export function unusedOf(paid: Paid | null, basisPoints: number, at: Date): Amount {
  if (paid === null) return { netMinor: 0n, taxMinor: 0n }
  const { left, of } = daysLeft(paid.term, at)
  const { months, unitMinor } = unusedLine(paid, chargedMonths(paid.period.duration), left, of)
  const netMinor = divideHalfUp(-unitMinor * months.numerator, months.denominator)
  return { netMinor, taxMinor: taxOn(netMinor, basisPoints) }
}

/** What is left to pay of a new period. */
export function less({ netMinor, taxMinor }: Amount, unused: Amount): PlanSwitchPrice {
  const isWhole = unused.netMinor <= netMinor
  const net = netMinor - (isWhole ? unused.netMinor : netMinor)
  const tax = taxMinor - (isWhole && unused.taxMinor < taxMinor ? unused.taxMinor : taxMinor)
  return { netMinor: net, taxMinor: tax, totalMinor: net + tax }
}
