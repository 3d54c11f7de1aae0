import { isForSale } from '../buylinks/rules.ts'
import { isOrderable, isPayAsYouGo } from '../catalog/rules.ts'
import type { Plan, PlanPeriod } from '../catalog/schema.ts'
import { priceSwitch } from './price-switch.ts'
import { numberOf } from './combine.ts'
import { monthlyMinor, repricingMinor } from './prices.ts'
import { ceilDivide, costOfThirty, type Rank } from './rules.ts'
import type { RunningSubscription, Step } from './schema.ts'
import { grantedBy, isAskingNothing, mostOf, perUnit, quantitiesOf, type Search } from './vehicles.ts'

/** One running subscription on another plan. */
export interface PlanSwitch extends Rank {
  readonly step: Extract<Step, { kind: 'switch' }>
}

/**
 * The plans that a running subscription, a trial too, can be switched to and that end every need. A switch takes nothing
 * away: each quota stays at least what it is.
 */
export function switchesOf(subscription: RunningSubscription, search: Search): PlanSwitch[] {
  const { catalog, ownedPlanIds } = search.situation
  const plan = catalog.plans.get(subscription.planId)
  const period = plan?.periods.find((each) => each.id === subscription.planPeriodId)
  if (!plan || !period || isPayAsYouGo(plan) || !subscription.isFree) return []
  const { basisPoints } = search.situation
  const before = quantitiesOf(subscription)
  const agreedMinor = subscription.trial
    ? 0n
    : monthlyMinor(plan, period, before, basisPoints) -
      repricingMinor(plan, period, before, subscription.recurringMinor, basisPoints)
  const from = { plan, agreedMinor, paid: paidFor(subscription, period) }
  const kept = keptOf(subscription, search)
  return plan.switchablePlanIds.flatMap((id) => {
    const next = catalog.plans.get(id)
    if (!next || next.id === plan.id || !isForSale(next, catalog) || isPayAsYouGo(next) || !isAskingNothing(next))
      return []
    if (next.connector !== subscription.connector) return []
    if (next.secondSubscription === 'refuse' && ownedPlanIds.has(next.id)) return []
    const ways = quantitiesAfter(next, kept)
    return next.periods
      .filter((each) => each.isPublic && !each.trial)
      .flatMap((each) =>
        ways.map((quantities) => switchTo({ plan: next, period: each, quantities }, from, subscription, search)),
      )
  })
}

function switchTo(
  to: { readonly plan: Plan; readonly period: PlanPeriod; readonly quantities: ReadonlyMap<string, bigint> },
  from: { readonly plan: Plan; readonly agreedMinor: bigint; readonly paid: ReturnType<typeof paidFor> },
  subscription: RunningSubscription,
  { situation: { basisPoints, at }, horizonDays }: Search,
): PlanSwitch {
  const { totalMinor } = priceSwitch(to, from.paid, basisPoints, at)
  const extraMonthlyMinor = monthlyMinor(to.plan, to.period, to.quantities, basisPoints) - from.agreedMinor
  return {
    step: {
      kind: 'switch',
      subscriptionId: subscription.id,
      fromPlanId: from.plan.id,
      planId: to.plan.id,
      planPeriodId: to.period.id,
      quantities: to.quantities,
    },
    extraMonthlyMinor,
    costOfThirty: costOfThirty(totalMinor, extraMonthlyMinor, horizonDays),
    actions: 1,
    ids: () => [[BigInt(to.plan.id), BigInt(to.period.id), numberOf(subscription.id)]],
  }
}

/** What of a running period is set against a new one; null for a trial. */
export const paidFor = ({ trial, term, recurringMinor }: RunningSubscription, period: PlanPeriod) =>
  trial || term === null ? null : { period, term, recurringMinor }

/** What another plan must grant of each quota: what is granted now, and what is missing. */
function keptOf(subscription: RunningSubscription, { needs }: Search): ReadonlyMap<string, bigint> {
  const kept = new Map<string, bigint>()
  for (const { usageName } of subscription.resources)
    if (usageName !== null && !kept.has(usageName)) kept.set(usageName, grantedBy(subscription, usageName))
  for (const { usageName, least, value } of needs) {
    const more = least - value
    kept.set(usageName, (kept.get(usageName) ?? 0n) + (more > 0n ? more : 0n))
  }
  return kept
}

/**
 * The least of each resource that keeps every quota and ends every need; none where the plan does not go so far. Of
 * several resources that raise one quota, one is taken more of than its minimum: each of them is a way.
 */
function quantitiesAfter(plan: Plan, kept: ReadonlyMap<string, bigint>): Map<string, bigint>[] {
  let ways = [new Map(plan.resources.map((resource) => [resource.id, resource.minimum]))]
  for (const [usageName, least] of kept) {
    let missing = least
    for (const resource of plan.resources)
      if (resource.quota?.usageName === usageName) missing -= resource.minimum * perUnit(resource)
    if (missing <= 0n) continue
    const filled = plan.resources.flatMap((resource) => {
      if (resource.quota?.usageName !== usageName) return []
      const quantity = resource.minimum + ceilDivide(missing, perUnit(resource))
      return isOrderable(plan, resource) && quantity <= mostOf(resource) ? [[resource.id, quantity] as const] : []
    })
    ways = ways.flatMap((way) => filled.map((entry) => new Map([...way, entry]))).slice(0, MOST_WAYS)
  }
  return ways
}

/** A plan that raises one quota by several resources is rare, one that does so for many is none to go through whole. */
const MOST_WAYS = 32
