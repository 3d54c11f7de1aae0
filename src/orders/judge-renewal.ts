import type { Buyer } from '../buylinks/rules.ts'
import { isPayAsYouGo, monthlyOf, priceOrder, renewalLines, taxRateFor } from '../catalog/rules.ts'
import type { CatalogSnapshot, PlanPeriod } from '../catalog/schema.ts'
import { candidatesFor, nextOf, withHighest, without } from '../discounts/rules.ts'
import { keptLine } from './agreed-price.ts'
import { endOfPeriod } from '../subscriptions/rules.ts'
import {
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
  buyer: Omit<Buyer, 'paymentModel'>,
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
  const again = renewalLines(plan, period, quantities, basisPoints)
  const renewing = kept ? [...again, kept] : again
  const lines = subscription.trial ? order.lines : renewing
  // What was agreed to before goes on; another period, and the first one after a trial, is agreed to at the terms of today.
  const isSame = !subscription.trial && period.id === subscription.planPeriodId
  const ordered = { productId: product.id, planId: plan.id, planPeriodId: period.id }
  const candidates = isSame
    ? [nextOf(subscription.discount) ?? []].flat()
    : candidatesFor(snapshot.discounts, null, ordered, without(buyer, subscription.id), at)
  const { discount, ...quote } = withHighest(
    {
      currency,
      lines,
      ...totalsOf(lines),
      recurringMinor: todayMinor + (kept?.unitMinor ?? 0n),
      renewalMinor: totalsOf(renewing).totalMinor,
    },
    candidates,
    renewing,
    period.id,
  )
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
    discount,
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
