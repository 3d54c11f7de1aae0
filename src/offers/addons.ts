import { isForSale } from '../buylinks/rules.ts'
import { chargedMonths, isPayAsYouGo } from '../catalog/rules.ts'
import type { CatalogSnapshot, PlanPeriod, PlanResource } from '../catalog/schema.ts'
import { type KnownPlan, knownPlan, perUnit } from './known-plan.ts'
import { costOfThirty } from './rules.ts'
import type { HorizonDays } from './schema.ts'
import { addonVehicles, isAskingNothing, type Search, type Vehicle } from './vehicles.ts'

/** An add-on with what it costs at least up to a horizon, thirty times, as numbers. */
interface Priced {
  readonly addon: KnownPlan
  /** Its minimum of everything on its cheapest period. */
  readonly base: number
  /** By the number of a usage: what its minimum raises that by, and what one unit more costs. */
  readonly raises: readonly ({ readonly granted: number; readonly rate: number } | undefined)[]
}

interface Shelf {
  /** Add-ons by the plan they are added to, the cheap ones first. */
  readonly byMain: ReadonlyMap<string, readonly Priced[]>
  readonly numberOf: ReadonlyMap<string, number>
}

/**
 * Add-on plans that may be ordered beside what runs, without a question to answer first, each as its vehicles. Nine of
 * ten in a large catalogue are left out by what they cost at least.
 */
export function* addonGroups(search: Search, limitOf: (mask: number) => number): Generator<readonly Vehicle[]> {
  const { catalog, subscriptions, ownedPlanIds, basisPoints } = search.situation
  const running = new Set(subscriptions.filter((each) => !each.trial).map((each) => each.planId))
  const { byMain, numberOf } = shelfOf(catalog, basisPoints, search.horizonDays)
  const wanted = search.needs.map(
    ({ usageName, value, least }): Wanted => ({
      usage: numberOf.get(usageName) ?? -1,
      missing: Number(least - value) * A_HAIR_LESS,
    }),
  )
  const sums = new Float64Array(1 << wanted.length)
  const [first = [], ...others] = [...running].map((id) => byMain.get(id) ?? [])
  // An add-on of several plans that run is tried once.
  for (const priced of others.length === 0 ? first : new Set([first, ...others].flat())) {
    const { plan } = priced.addon
    if (plan.secondSubscription !== 'allow' && ownedPlanIds.has(plan.id)) continue
    if (mayBeOfUse(priced, wanted, limitOf, sums)) yield addonVehicles(priced.addon, search)
  }
}

/** What is wanted of one need, as numbers. */
interface Wanted {
  /** -1: no add-on raises it. */
  readonly usage: number
  readonly missing: number
}

/**
 * Whether it may cost no more than the limit for some of the needs.
 *
 * @param sums Room for a number of each set of needs.
 */
function mayBeOfUse(
  { base, raises }: Priced,
  wanted: readonly Wanted[],
  limitOf: (mask: number) => number,
  sums: Float64Array,
): boolean {
  sums[0] = base
  let mask = 0
  for (let need = 0; need < wanted.length; need++) {
    const { usage, missing } = wanted[need] as Wanted
    const raise = raises[usage]
    if (!raise) continue
    const more = missing > raise.granted ? (missing - raise.granted) * raise.rate : 0
    for (let others = mask; ; others = (others - 1) & mask) {
      const ended = others | (1 << need)
      const sum = (sums[others] ?? 0) + more
      if (sum <= limitOf(ended)) return true
      sums[ended] = sum
      if (others === 0) break
    }
    mask |= 1 << need
  }
  return false
}

/** Those of a catalogue, made once for each version of it, each tax rate and horizon. */
const known = new WeakMap<CatalogSnapshot, Map<string, Shelf>>()

function shelfOf(catalog: CatalogSnapshot, basisPoints: number, horizonDays: HorizonDays): Shelf {
  const ofCatalog = known.get(catalog) ?? new Map<string, Shelf>()
  known.set(catalog, ofCatalog)
  const key = `${basisPoints} ${horizonDays}`
  let found = ofCatalog.get(key)
  if (!found) ofCatalog.set(key, (found = fill(catalog, basisPoints, horizonDays)))
  return found
}

function fill(catalog: CatalogSnapshot, basisPoints: number, horizonDays: HorizonDays): Shelf {
  const plans = [...catalog.plans.values()].filter(
    (plan) =>
      plan.addonToPlanIds.length > 0 && isForSale(plan, catalog) && isAskingNothing(plan) && !isPayAsYouGo(plan),
  )
  const addons = plans.map((plan) => knownPlan(plan, basisPoints)).filter(({ periods }) => periods.length > 0)
  const usageNames = [...new Set(addons.flatMap(({ raising }) => [...raising.keys()]))]
  const byMain = new Map<string, Priced[]>()
  const all = addons.map((addon) => priced(addon, usageNames, basisPoints, horizonDays))
  for (const each of all.sort((one, other) => one.base - other.base))
    for (const id of each.addon.plan.addonToPlanIds) {
      const list = byMain.get(id)
      if (list) list.push(each)
      else byMain.set(id, [each])
    }
  return { byMain, numberOf: new Map(usageNames.map((usageName, index) => [usageName, index])) }
}

/** A line is rounded by less than a unit, and so is its tax; a resource has four of them at most. */
const ROUNDING = 4

/** For what numbers cannot say exactly: a bound stays one. */
const A_HAIR_LESS = 0.999_999_999

function priced(
  addon: KnownPlan,
  usageNames: readonly string[],
  basisPoints: number,
  horizonDays: HorizonDays,
): Priced {
  const { periods, raising } = addon
  const ofPeriods = periods.map(({ base }) =>
    Number(costOfThirty(base.netMinor + base.taxMinor, base.monthlyMinor, horizonDays)),
  )
  const slack = raising.size * ROUNDING * (30 + Math.max(30, horizonDays))
  const rateOf = (resource: PlanResource): number =>
    Math.min(...periods.map(({ period }) => rateOn(resource, period, basisPoints, horizonDays)))
  return {
    addon,
    base: Math.min(...ofPeriods) - slack,
    raises: usageNames.map((usageName) => {
      const raised = raising.get(usageName)
      return (
        raised && { granted: Number(raised.granted) / A_HAIR_LESS, rate: Math.min(...raised.resources.map(rateOf)) }
      )
    }),
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
  return (
    ((once * 30 + fee * Math.max(30, horizonDays)) * (1 + basisPoints / 10_000) * A_HAIR_LESS) /
    Number(perUnit(resource))
  )
}
