import { chargedMonths, taxOn } from '../catalog/rules.ts'
import type { Plan, PlanPeriod } from '../catalog/schema.ts'
import { divideHalfUp } from '../kernel/decimal.ts'
import { daysLeft, type Term } from '../orders/rules.ts'
import { orderCost } from './prices.ts'

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
}

/**
 * What a switch to another plan costs today: its period begins and is charged whole, less the unused days of the running
 * one at the price that was agreed on, at most all of it (`orders`' `judgeSwitch`, told for any quantities).
 *
 * @param from Null where nothing was paid for: a trial.
 */
export const priceSwitch = (
  to: { readonly plan: Plan; readonly period: PlanPeriod; readonly quantities: ReadonlyMap<string, bigint> },
  from: Paid | null,
  basisPoints: number,
  at: Date,
): PlanSwitchPrice => less(orderCost(to.plan, to.period, to.quantities, basisPoints), unusedOf(from, basisPoints, at))

/** The days that are left of what was paid for. */
export function unusedOf(paid: Paid | null, basisPoints: number, at: Date): Amount {
  if (paid === null) return { netMinor: 0n, taxMinor: 0n }
  const { numerator, denominator } = chargedMonths(paid.period.duration)
  const { left, of } = daysLeft(paid.term, at)
  const netMinor = divideHalfUp(paid.recurringMinor * numerator * left, denominator * of)
  return { netMinor, taxMinor: taxOn(netMinor, basisPoints) }
}

/** What is left to pay of a new period. */
export function less({ netMinor, taxMinor }: Amount, unused: Amount): PlanSwitchPrice {
  const isWhole = unused.netMinor <= netMinor
  const net = netMinor - (isWhole ? unused.netMinor : netMinor)
  const tax = taxMinor - (isWhole && unused.taxMinor < taxMinor ? unused.taxMinor : taxMinor)
  return { netMinor: net, taxMinor: tax, totalMinor: net + tax }
}
