import { isForSale } from '../buylinks/rules.ts'
import { chargedMonths, isPayAsYouGo } from '../catalog/rules.ts'
import type { CatalogSnapshot, Plan, PlanPeriod, PlanResource } from '../catalog/schema.ts'
import type { Group } from './combine.ts'
import { periodCost, plus, resourceCost } from './prices.ts'
import { costOfThirty } from './rules.ts'
import type { HorizonDays, Situation } from './schema.ts'
import { type Addon, isAskingNothing, type Need, perUnit } from './vehicles.ts'

/** An add-on with what it costs at least up to a horizon, thirty times, as a number. */
export interface Priced {
  readonly addon: Addon
  /** Its minimum of everything on its cheapest period. */
  readonly base: number
  /** One unit of a quota more, by usage name. */
  readonly rates: ReadonlyMap<string, number>
}

/** Add-on plans that may be ordered beside what runs, without a question to answer first; the cheap ones first. */
export function addonsFor(
  { catalog, subscriptions, ownedPlanIds, basisPoints }: Situation,
  horizonDays: HorizonDays,
): Priced[] {
  const running = new Set(subscriptions.filter((each) => !each.trial).map((each) => each.planId))
  return addonsOf(catalog, basisPoints, horizonDays).filter(
    ({ addon: { plan } }) =>
      plan.addonToPlanIds.some((id) => running.has(id)) &&
      (plan.secondSubscription === 'allow' || !ownedPlanIds.has(plan.id)),
  )
}

/** A line is rounded by less than a unit, and so is its tax; a resource has four of them at most. */
const ROUNDING = 4

/**
 * What an add-on can be of use for, and what that costs at least: enough to leave out nine of ten in a large catalogue
 * without pricing them exactly.
 */
export function boundOf({ addon, base, rates }: Priced, needs: readonly Need[]): Pick<Group, 'mask' | 'atLeast'> {
  let mask = 0
  const costs = needs.map(({ usageName, value, least }, need) => {
    const raised = addon.raising.get(usageName)
    if (!raised) return 0
    mask |= 1 << need
    const missing = Number(least - value - raised.granted)
    return missing > 0 ? missing * (rates.get(usageName) ?? 0) : 0
  })
  return {
    mask,
    atLeast: (subset) => {
      let sum = base
      for (let need = 0; need < costs.length; need++) if (subset & (1 << need)) sum += costs[need] ?? 0
      return sum
    },
  }
}

/** Those of a catalogue, made once for each version of it, each tax rate and horizon. */
const known = new WeakMap<CatalogSnapshot, Map<string, readonly Priced[]>>()

function addonsOf(catalog: CatalogSnapshot, basisPoints: number, horizonDays: HorizonDays): readonly Priced[] {
  const ofCatalog = known.get(catalog) ?? new Map<string, readonly Priced[]>()
  known.set(catalog, ofCatalog)
  const key = `${basisPoints} ${horizonDays}`
  let found = ofCatalog.get(key)
  if (!found) {
    found = [...catalog.plans.values()]
      .filter(
        (plan) =>
          plan.addonToPlanIds.length > 0 && isForSale(plan, catalog) && isAskingNothing(plan) && !isPayAsYouGo(plan),
      )
      .map((plan) => addonOf(plan, basisPoints))
      .filter(({ periods }) => periods.length > 0)
      .map((addon) => priced(addon, basisPoints, horizonDays))
      .sort((one, other) => one.base - other.base)
    ofCatalog.set(key, found)
  }
  return found
}

function addonOf(plan: Plan, basisPoints: number): Addon {
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
      .map((period) => ({
        period,
        base: plan.resources.reduce(
          (sum, resource) => plus(sum, resourceCost(resource, resource.minimum, period, basisPoints)),
          periodCost(period, basisPoints),
        ),
      })),
  }
}

function priced(addon: Addon, basisPoints: number, horizonDays: HorizonDays): Priced {
  const { periods, raising } = addon
  const ofPeriods = periods.map(({ base }) => Number(costOfThirty(base.todayMinor, base.monthlyMinor, horizonDays)))
  const slack = raising.size * ROUNDING * (30 + Math.max(30, horizonDays))
  const rateOf = (resource: PlanResource): number =>
    Math.min(...periods.map(({ period }) => rateOn(resource, period, basisPoints, horizonDays)))
  return {
    addon,
    base: Math.min(...ofPeriods) - slack,
    rates: new Map([...raising].map(([usageName, { resources }]) => [usageName, Math.min(...resources.map(rateOf))])),
  }
}

function rateOn(
  resource: PlanResource,
  { duration }: PlanPeriod,
  basisPoints: number,
  horizonDays: HorizonDays,
): number {
  // Where some of it is free beyond the minimum, nothing is known.
  if (resource.included > resource.minimum || perUnit(resource) <= 0n) return 0
  const { numerator, denominator } = chargedMonths(duration)
  const months = Number(numerator) / Number(denominator)
  const fee = Number(resource.recurringFeeMinor)
  const once = Number(resource.setupFeeMinor) + fee * months
  // A hair less, for what numbers cannot say exactly.
  return (
    ((once * 30 + fee * Math.max(30, horizonDays)) * (1 + basisPoints / 10_000) * 0.999_999) / Number(perUnit(resource))
  )
}
