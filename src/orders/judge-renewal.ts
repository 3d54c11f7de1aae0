import type { Buyer } from '../buylinks/rules.ts'
import {
  chargeable,
  chargedMonths,
  isPayAsYouGo,
  monthlyOf,
  priceOrder,
  type QuoteLine,
  taxRateFor,
} from '../catalog/rules.ts'
import type { CatalogSnapshot, Plan, PlanPeriod } from '../catalog/schema.ts'
import { keptLine } from './agreed-price.ts'
import { endOfPeriod } from '../subscriptions/rules.ts'
import {
  lineOf,
  NOTHING,
  paymentOf,
  type PricedChange,
  quantitiesIn,
  type RefusedChange,
  refuse,
  type Running,
  type Term,
  totalsOf,
} from './rules.ts'

/**
 * Prices another period of what runs, or of what has stopped: recurring and renewal fees at the plan's prices of today, but
 * no more a month than was agreed or announced; after a trial the first paid period, setup included (facts A3.2). The next period follows the one before, but for what
 * has stopped: then it begins when it runs again.
 */
export function judgeRenewal(
  snapshot: CatalogSnapshot,
  running: Running,
  planPeriodId: string,
  buyer: Pick<Buyer, 'country' | 'customerType' | 'vatId'>,
  at: Date,
): PricedChange | RefusedChange {
  const { subscription, resources } = running
  const plan = snapshot.plans.get(subscription.planId)
  const product = plan && snapshot.products.get(plan.productId)
  const period = plan?.periods.find((each) => each.id === planPeriodId)
  if (!plan || !product || !period || plan.status === 'retired')
    return refuse('gone', 'This plan or its period is no longer sold, so it cannot be renewed.')
  if (isPayAsYouGo(plan))
    return refuse('unprocessable', 'This subscription is paid by use, so there is nothing to renew.')
  if (period.trial) return refuse('unprocessable', 'A trial is given once. Choose a paid period.')
  if (!period.isPublic && planPeriodId !== subscription.planPeriodId)
    return refuse('gone', 'That period is not for sale now.')
  const quantities = quantitiesIn(resources)
  const taxRate = taxRateFor(snapshot.taxRates, buyer)
  const basisPoints = taxRate?.basisPoints ?? 0
  const { currency } = subscription
  const order = priceOrder(plan, period, quantities, currency, basisPoints)
  const term = nextTerm(subscription, period, at)
  const todayMinor = monthlyOf(plan, period, quantities)
  const kept = keptLine(running, {
    plan,
    period,
    quantities,
    startsAt: term.startsAt,
    todayMinor,
    basisPoints,
  })
  const priced = subscription.trial ? order.lines : renewalLines(plan, period, quantities, basisPoints)
  const lines = kept ? [...priced, kept] : priced
  const quote = {
    currency,
    lines,
    ...totalsOf(lines),
    recurringMinor: todayMinor + (kept?.unitMinor ?? 0n),
    renewalMinor: (order.renewalMinor ?? 0n) + (kept ? kept.netMinor + kept.taxMinor : 0n),
  }
  return {
    product,
    plan,
    period,
    term,
    resources,
    before: quantities,
    taxRate,
    quote,
    payment: paymentOf(subscription, quote),
    surplus: NOTHING,
  }
}

/** The period that a renewal pays for. A first paid one after a trial, and one after a stop, begin a series of their own. */
export function nextTerm(
  {
    periodEndsAt,
    stoppedAt,
    trial,
    anchorDay,
  }: Pick<Running['subscription'], 'periodEndsAt' | 'stoppedAt' | 'trial' | 'anchorDay'>,
  { duration }: Pick<PlanPeriod, 'duration'>,
  at: Date,
): Term & { readonly anchorDay: number } {
  const startsAt = stoppedAt === null && periodEndsAt ? periodEndsAt : at
  const anchor = stoppedAt === null && !trial && anchorDay ? anchorDay : startsAt.getUTCDate()
  return { startsAt, endsAt: endOfPeriod(startsAt, duration, anchor), anchorDay: anchor }
}

function renewalLines(
  plan: Plan,
  period: PlanPeriod,
  quantities: ReadonlyMap<string, bigint>,
  basisPoints: number,
): QuoteLine[] {
  const months = chargedMonths(period.duration)
  const once = { numerator: 1n, denominator: 1n }
  const ofPeriod = { itemId: period.id, description: plan.name, quantity: 1n }
  const lines = [
    lineOf({ kind: 'period_recurring', ...ofPeriod, months, unitMinor: period.recurringFeeMinor }, basisPoints),
    lineOf({ kind: 'period_renewal', ...ofPeriod, months: once, unitMinor: period.renewalFeeMinor }, basisPoints),
    ...plan.resources.flatMap((resource) => {
      const quantity = chargeable(resource, quantities.get(resource.id) ?? resource.minimum)
      const common = { itemId: resource.id, description: resource.name, quantity }
      return [
        lineOf({ kind: 'resource_recurring', ...common, months, unitMinor: resource.recurringFeeMinor }, basisPoints),
        lineOf({ kind: 'resource_renewal', ...common, months: once, unitMinor: resource.renewalFeeMinor }, basisPoints),
      ]
    }),
  ]
  return lines.filter((line) => line.netMinor !== 0n || line.kind === 'period_recurring')
}
