import { isForSale } from '../buylinks/rules.ts'
import { isOrderable, isPayAsYouGo } from '../catalog/rules.ts'
import type { CatalogSnapshot, Plan, PlanPeriod, PlanResource } from '../catalog/schema.ts'
import { numberOf } from './combine.ts'
import { type KnownPlan, knownPlan, perUnit } from './known-plan.ts'
import { less, type Paid, unusedOf } from './price-switch.ts'
import { moreCost, orderCost, plus, repricingMinor } from './prices.ts'
import { ceilDivide, compareRank, costOfThirty, type Rank } from './rules.ts'
import type { RunningSubscription, Step } from './schema.ts'
import { grantedBy, isAskingNothing, mostOf, quantitiesOf, type Search } from './vehicles.ts'

/** One running subscription on another plan. */
export interface PlanSwitch extends Rank {
  readonly step: () => Extract<Step, { kind: 'switch' }>
}

/**
 * The plans that a running subscription, a trial too, can be switched to and that end every need, each on the period
 * that is best. A switch takes nothing away: each quota stays at least what it is.
 */
export function switchesOf(subscription: RunningSubscription, search: Search): PlanSwitch[] {
  const { catalog, ownedPlanIds, basisPoints, at } = search.situation
  const plan = catalog.plans.get(subscription.planId)
  const period = plan?.periods.find((each) => each.id === subscription.planPeriodId)
  if (!plan || !period || isPayAsYouGo(plan) || !subscription.isFree) return []
  const from = {
    plan,
    agreedMinor: agreedOf(subscription, plan, period, basisPoints),
    unused: unusedOf(paidFor(subscription, period), basisPoints, at),
  }
  const kept = keptOf(subscription, search)
  const found: PlanSwitch[] = []
  for (const id of plan.switchablePlanIds) {
    const next = catalog.plans.get(id)
    if (!next || next.id === plan.id || next.connector !== subscription.connector || !isSwitchable(next, catalog))
      continue
    if (next.secondSubscription === 'refuse' && ownedPlanIds.has(next.id)) continue
    const to = knownPlan(next, basisPoints)
    for (const more of waysTo(to, kept)) {
      const best = bestPeriod(to, more, from, subscription, search)
      if (best) found.push(best)
    }
  }
  return found
}

const isSwitchable = (plan: Plan, catalog: CatalogSnapshot): boolean =>
  isForSale(plan, catalog) && !isPayAsYouGo(plan) && isAskingNothing(plan)

/** A month of what runs, with tax, as it was agreed last. */
function agreedOf(subscription: RunningSubscription, plan: Plan, period: PlanPeriod, basisPoints: number): bigint {
  if (subscription.trial) return 0n
  const before = quantitiesOf(subscription)
  return (
    orderCost(plan, period, before, basisPoints).monthlyMinor -
    repricingMinor(plan, period, before, subscription.recurringMinor, basisPoints)
  )
}

/** Quantities above the plan's minimum. */
type More = readonly (readonly [PlanResource, bigint])[]

interface From {
  readonly plan: Plan
  readonly agreedMinor: bigint
  readonly unused: ReturnType<typeof unusedOf>
}

/** On each period it grants the same: nobody wants it on one that is dearer. */
function bestPeriod(
  { plan, periods }: KnownPlan,
  more: More,
  from: From,
  subscription: RunningSubscription,
  { situation: { basisPoints }, horizonDays }: Search,
): PlanSwitch | undefined {
  let best: PlanSwitch | undefined
  for (const { period, base } of periods) {
    const cost = more.reduce(
      (sum, [resource, quantity]) => plus(sum, moreCost(resource, resource.minimum, quantity, period, basisPoints)),
      base,
    )
    const extraMonthlyMinor = cost.monthlyMinor - from.agreedMinor
    const found: PlanSwitch = {
      extraMonthlyMinor,
      costOfThirty: costOfThirty(less(cost, from.unused).totalMinor, extraMonthlyMinor, horizonDays),
      actions: 1,
      ids: () => [[BigInt(plan.id), BigInt(period.id), numberOf(subscription.id)]],
      step: () => ({
        kind: 'switch',
        subscriptionId: subscription.id,
        fromPlanId: from.plan.id,
        planId: plan.id,
        planPeriodId: period.id,
        quantities: withMore(plan, more),
      }),
    }
    if (!best || compareRank(found, best) < 0) best = found
  }
  return best
}

function withMore(plan: Plan, more: More): Map<string, bigint> {
  const quantities = new Map<string, bigint>()
  for (const { id, minimum } of plan.resources) quantities.set(id, minimum)
  for (const [{ id }, quantity] of more) quantities.set(id, quantity)
  return quantities
}

/** What of a running period is set against a new one; null for a trial. */
export const paidFor = (
  { trial, term, recurringMinor, discount }: RunningSubscription,
  period: PlanPeriod,
): Paid | null => (trial || term === null ? null : { period, term, recurringMinor, discount })

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
function waysTo({ plan, raising }: KnownPlan, kept: ReadonlyMap<string, bigint>): More[] {
  let ways: More[] = [[]]
  for (const [usageName, least] of kept) {
    const raised = raising.get(usageName)
    const missing = least - (raised?.granted ?? 0n)
    if (missing <= 0n) continue
    const filled = (raised?.resources ?? []).flatMap((resource) => {
      const quantity = resource.minimum + ceilDivide(missing, perUnit(resource))
      return isOrderable(plan, resource) && quantity <= mostOf(resource) ? [[resource, quantity] as const] : []
    })
    ways = ways.flatMap((way) => filled.map((entry) => [...way, entry])).slice(0, MOST_WAYS)
  }
  return ways
}

/** A plan that raises one quota by several resources is rare, one that does so for many is none to go through whole. */
const MOST_WAYS = 32
