import type { Plan, PlanPeriod, PlanResource } from '../catalog/schema.ts'
import { type Cost, orderCost } from './prices.ts'

/** What of ordering a plan does not depend on who orders it and what ran out. */
export interface KnownPlan {
  readonly plan: Plan
  /** Resources by the usage they raise, with what their minimum raises it by. */
  readonly raising: ReadonlyMap<string, { readonly resources: readonly PlanResource[]; readonly granted: bigint }>
  /** Periods it can be ordered on, with what the plan's minimum of everything costs. */
  readonly periods: readonly { readonly period: PlanPeriod; readonly base: Cost }[]
}

/** Plans of a catalogue in memory never change, so each is gone through once for each tax rate. */
const known = new WeakMap<Plan, Map<number, KnownPlan>>()

export function knownPlan(plan: Plan, basisPoints: number): KnownPlan {
  let ofPlan = known.get(plan)
  if (!ofPlan) known.set(plan, (ofPlan = new Map()))
  let found = ofPlan.get(basisPoints)
  if (!found) ofPlan.set(basisPoints, (found = goThrough(plan, basisPoints)))
  return found
}

function goThrough(plan: Plan, basisPoints: number): KnownPlan {
  const byUsage = Map.groupBy(plan.resources, (resource) => resource.quota?.usageName ?? '')
  byUsage.delete('')
  return {
    plan,
    raising: new Map(
      [...byUsage].map(([usageName, resources]) => {
        const granted = resources.reduce((sum, resource) => sum + resource.minimum * perUnit(resource), 0n)
        return [usageName, { resources, granted }]
      }),
    ),
    periods: plan.periods
      .filter((period) => period.isPublic && !period.trial)
      .map((period) => ({ period, base: orderCost(plan, period, new Map(), basisPoints) })),
  }
}

export const perUnit = (resource: PlanResource): bigint => resource.quota?.perUnit ?? 0n
