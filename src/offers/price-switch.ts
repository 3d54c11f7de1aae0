import { chargedMonths, taxOn } from '../catalog/rules.ts'
import type { Plan, PlanPeriod } from '../catalog/schema.ts'
import { divideHalfUp } from '../kernel/decimal.ts'
import { daysLeft, type Term } from '../orders/rules.ts'
import { orderSums } from './prices.ts'

export interface PlanSwitchPrice {
  readonly netMinor: bigint
  readonly taxMinor: bigint
  readonly totalMinor: bigint
}

/**
 * What a switch to another plan costs today: its period begins and is charged whole, less the unused days of the running
 * one at the price that was agreed on, at most all of it (`orders`' `judgeSwitch`, told for any quantities).
 *
 * @param from Null where nothing was paid for: a trial.
 */
export function priceSwitch(
  to: { readonly plan: Plan; readonly period: PlanPeriod; readonly quantities: ReadonlyMap<string, bigint> },
  from: { readonly period: PlanPeriod; readonly term: Term; readonly recurringMinor: bigint } | null,
  basisPoints: number,
  at: Date,
): PlanSwitchPrice {
  const { netMinor, taxMinor } = orderSums(to.plan, to.period, to.quantities, basisPoints)
  const unused = from ? unusedMinor(from, at) : 0n
  const unusedTax = taxOn(unused, basisPoints)
  const isWhole = unused <= netMinor
  const net = netMinor - (isWhole ? unused : netMinor)
  const tax = taxMinor - (isWhole && unusedTax < taxMinor ? unusedTax : taxMinor)
  return { netMinor: net, taxMinor: tax, totalMinor: net + tax }
}

function unusedMinor(
  { period, term, recurringMinor }: { period: PlanPeriod; term: Term; recurringMinor: bigint },
  at: Date,
) {
  const { numerator, denominator } = chargedMonths(period.duration)
  const { left, of } = daysLeft(term, at)
  return divideHalfUp(recurringMinor * numerator * left, denominator * of)
}
