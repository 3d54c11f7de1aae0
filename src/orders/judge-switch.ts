import type { Buyer } from '../buylinks/rules.ts'
import {
  chargedMonths,
  checkQuantities,
  isPayAsYouGo,
  lineOf,
  monthlyOf,
  periodEnd,
  priceOrder,
  type QuoteLine,
  renewalLines,
  taxRateFor,
} from '../catalog/rules.ts'
import type { CatalogSnapshot, Plan } from '../catalog/schema.ts'
import { candidatesFor, withHighest, without } from '../discounts/rules.ts'
import { addMonths } from '../kernel/time.ts'
import { grantsOf, hindranceOf } from '../subscriptions/rules.ts'
import type { Subscription, SubscriptionResource } from '../subscriptions/schema.ts'
import {
  daysLeft,
  NOTHING,
  paymentOf,
  type PricedChange,
  quantitiesIn,
  type RefusedChange,
  refuse,
  resourcesAfter,
  type Running,
  type Tariff,
  toProblem,
  totalsOf,
  unusedLine,
} from './rules.ts'

/** Where a subscription is to go. */
export interface SwitchTarget {
  readonly planId: string
  readonly planPeriodId: string
  /** Totals by resource id; what is not named is what the old plan's quota asks for, at least the minimum. */
  readonly asked: Readonly<Record<string, bigint>>
}

/**
 * Judges and prices a switch to a plan that the running one lists. The new plan's period begins when it is done and is
 * charged whole; the unused days of the old one are credited against it, and what is left of them becomes balance
 * (docs/adr/0008-changes.md).
 */
export function judgeSwitch(
  snapshot: CatalogSnapshot,
  { subscription, resources }: Running,
  { planId, planPeriodId, asked }: SwitchTarget,
  buyer: Omit<Buyer, 'paymentModel'>,
  at: Date,
): PricedChange | RefusedChange {
  const hindrance = hindranceOf({ ...subscription, trial: false }, at)
  if (hindrance) return refuse('conflict', hindrance)
  const from = snapshot.plans.get(subscription.planId)
  const plan = snapshot.plans.get(planId)
  const product = plan && snapshot.products.get(plan.productId)
  const period = plan?.periods.find((each) => each.id === planPeriodId)
  if (!from || !plan || !product || !from.switchablePlanIds.includes(plan.id))
    return refuse('unprocessable', 'This subscription cannot be switched to that plan.')
  if (plan.status !== 'active' || !period?.isPublic || period.trial)
    return refuse('gone', 'That plan or period is not for sale now.')
  if (isPayAsYouGo(from) || isPayAsYouGo(plan) || plan.connector !== subscription.connector)
    return refuse('unprocessable', 'These two plans are of different kinds; order the other one by itself.')
  const quantities = new Map([...mappedQuantities(plan, resources), ...Object.entries(asked)])
  const problems = checkQuantities(plan, period, Object.fromEntries(quantities)).map(toProblem)
  if (problems.length > 0) return { ...refuse('quantity_out_of_range', 'Some of this cannot be ordered.'), problems }
  const taxRate = taxRateFor(snapshot.taxRates, buyer)
  const basisPoints = taxRate?.basisPoints ?? 0
  const { discount, ...order } = withHighest(
    priceOrder(plan, period, quantities, subscription.currency, basisPoints),
    candidatesFor(
      snapshot.discounts,
      null,
      { productId: product.id, planId: plan.id, planPeriodId: period.id },
      without(buyer, subscription.id),
      at,
    ),
    renewalLines(plan, period, quantities, basisPoints),
    period.id,
  )
  const { lines, surplus } = creditUnused(order.lines, subscription, from, basisPoints, at)
  const quote = {
    currency: order.currency,
    lines,
    ...totalsOf(lines),
    recurringMinor: monthlyOf(plan, period, quantities),
    renewalMinor: order.renewalMinor ?? 0n,
  }
  return {
    product,
    plan,
    period,
    term: { startsAt: at, endsAt: periodEnd(at, period.duration) ?? addMonths(at, 1) },
    resources: resourcesAfter(plan, [], quantities),
    before: quantitiesIn(resources),
    taxRate,
    quote,
    payment: paymentOf(subscription, quote),
    surplus,
    discount,
    ...leftOf(subscription, from, at),
  }
}

/** The plan that is left with what of its period is unused; nothing where nothing was paid for it. */
function leftOf(subscription: Subscription, plan: Plan, at: Date): Pick<PricedChange, 'left'> {
  const { periodStartsAt: startsAt, periodEndsAt: endsAt, planPeriodId } = subscription
  const period = plan.periods.find(({ id }) => id === planPeriodId)
  if (subscription.trial || !startsAt || !endsAt || !period) return {}
  const whole = chargedMonths(period.duration)
  const { left, of } = daysLeft({ startsAt, endsAt }, at)
  return { left: { plan, months: { numerator: whole.numerator * left, denominator: whole.denominator * of } } }
}

/** As much of each usage as before, in the units of the new plan; at least its minimum. */
function mappedQuantities(plan: Plan, resources: readonly SubscriptionResource[]): Map<string, bigint> {
  const grants = grantsOf(resources)
  return new Map(
    plan.resources.map(({ id, minimum, quota }) => {
      const units = quota ? ((grants.get(quota.usageName) ?? 0n) + quota.perUnit - 1n) / quota.perUnit : 0n
      return [id, units > minimum ? units : minimum]
    }),
  )
}

/** Adds what the running period's unused days are worth as a line; it never exceeds what it is set against. */
function creditUnused(
  charged: readonly QuoteLine[],
  subscription: Subscription,
  from: Plan,
  basisPoints: number,
  at: Date,
): { lines: readonly QuoteLine[]; surplus: Tariff } {
  const { periodStartsAt: startsAt, periodEndsAt: endsAt, planPeriodId: itemId } = subscription
  const period = from.periods.find((each) => each.id === itemId)
  if (subscription.trial || !startsAt || !endsAt || !period) return { lines: charged, surplus: NOTHING }
  const whole = chargedMonths(period.duration)
  const { left, of } = daysLeft({ startsAt, endsAt }, at)
  const full = lineOf(
    {
      kind: 'period_credit',
      itemId,
      description: from.name,
      quantity: 1n,
      ...unusedLine(subscription, whole, left, of),
    },
    basisPoints,
  )
  const due = totalsOf(charged)
  const netMinor = -full.netMinor < due.netMinor ? full.netMinor : -due.netMinor
  const taxMinor = netMinor === full.netMinor && -full.taxMinor < due.taxMinor ? full.taxMinor : -due.taxMinor
  const surplus = { netMinor: netMinor - full.netMinor, taxMinor: taxMinor - full.taxMinor }
  if (netMinor === 0n) return { lines: charged, surplus }
  return { lines: [...charged, { ...full, netMinor, taxMinor }], surplus }
}
