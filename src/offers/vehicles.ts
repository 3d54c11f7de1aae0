import { byId, isOrderable, isPayAsYouGo, limitOf, MOST_UNITS } from '../catalog/rules.ts'
import type { Plan, PlanPeriod, PlanResource } from '../catalog/schema.ts'
import { type KnownPlan, perUnit } from './known-plan.ts'
import { changeCost, type Cost, moreCost, NOTHING, repricingMinor } from './prices.ts'
import { ceilDivide, costOfThirty } from './rules.ts'
import type { HorizonDays, RunningSubscription, Situation } from './schema.ts'

/** A quota that is short, and the value it must have at least. */
export interface Need {
  readonly usageName: string
  readonly value: bigint
  readonly least: bigint
}

/** What is looked for, and where. */
export interface Search {
  readonly situation: Situation
  readonly needs: readonly Need[]
  readonly horizonDays: HorizonDays
}

/** How a vehicle ends one shortage: by so much of a resource; null where its minimum does. */
export interface Choice extends Cost {
  readonly resource: PlanResource | null
  readonly quantity: bigint
}

/**
 * One order that may end several shortages: a running subscription with more of its resources, or an add-on plan on one
 * of its periods. Needs are numbered; a set of them is the bits of a number.
 */
export interface Vehicle {
  readonly plan: Plan
  readonly period: PlanPeriod
  /** Null: an add-on, newly ordered. */
  readonly subscription: RunningSubscription | null
  /** What it costs before any choice. */
  readonly base: Cost
  /** Needs that it raises whether one wants it or not. */
  readonly forced: number
  /** By need; undefined where it cannot end that one. */
  readonly choices: readonly (Choice | undefined)[]
}

export const quantitiesOf = (subscription: RunningSubscription): Map<string, bigint> =>
  new Map(subscription.resources.map(({ id, quantity }) => [id, quantity]))

/** What a subscription adds to a quota now. */
export const grantedBy = (subscription: RunningSubscription, usageName: string): bigint =>
  subscription.resources.reduce(
    (sum, each) => (each.usageName === usageName ? sum + each.quantity * (each.quotaPerUnit ?? 0n) : sum),
    0n,
  )

/** What can be changed by an order: active, paid for by the term, no trial, with no other order under way. */
export const isChangeable = (
  subscription: RunningSubscription,
): subscription is RunningSubscription & { readonly term: NonNullable<RunningSubscription['term']> } =>
  subscription.isFree && !subscription.trial && subscription.term !== null

/** What a unit of a resource raises: of one that runs by the terms it was ordered on, else by the plan's of today. */
const termsOf = (resource: PlanResource, { resources }: RunningSubscription) =>
  resources.find(({ id }) => id === resource.id)
const usageOf = (resource: PlanResource, subscription: RunningSubscription): string | null => {
  const known = termsOf(resource, subscription)
  return known ? known.usageName : (resource.quota?.usageName ?? null)
}
const unitOf = (resource: PlanResource, subscription: RunningSubscription): bigint =>
  termsOf(resource, subscription)?.quotaPerUnit ?? perUnit(resource)

/** What a subscription will add to each quota with other quantities. */
export function grantsAfter(
  subscription: RunningSubscription,
  plan: Plan,
  quantities: ReadonlyMap<string, bigint>,
): Map<string, bigint> {
  const grants = new Map<string, bigint>()
  for (const [id, quantity] of quantities) {
    const known = subscription.resources.find((each) => each.id === id)
    const quota = known ? null : plan.resources.find((each) => each.id === id)?.quota
    const usageName = known?.usageName ?? quota?.usageName
    const unit = known?.quotaPerUnit ?? quota?.perUnit ?? 0n
    if (usageName) grants.set(usageName, (grants.get(usageName) ?? 0n) + quantity * unit)
  }
  return grants
}

/** More of what runs. */
export function changeVehicle(
  subscription: RunningSubscription,
  { needs, situation: { catalog, basisPoints, at }, horizonDays }: Search,
): Vehicle | undefined {
  const plan = catalog.plans.get(subscription.planId)
  const period = plan?.periods.find((each) => each.id === subscription.planPeriodId)
  if (!plan || !period || isPayAsYouGo(plan) || !isChangeable(subscription)) return undefined
  const quantities = quantitiesOf(subscription)
  const { term } = subscription
  const choices = needs.map(({ usageName, value, least }): Choice | undefined => {
    const raising = plan.resources.filter((resource) => usageOf(resource, subscription) === usageName)
    return cheapest(raising, horizonDays, (resource) => {
      if (!isOrderable(plan, resource)) return undefined
      const more = (quantities.get(resource.id) ?? 0n) + ceilDivide(least - value, unitOf(resource, subscription))
      const quantity = more < resource.minimum ? resource.minimum : more
      if (quantity > mostOf(resource)) return undefined
      // As the price rule has it: what is not there is charged from its minimum on.
      const from = quantities.get(resource.id) ?? resource.minimum
      const cost = changeCost(resource, { from, to: quantity, period, term, at }, basisPoints)
      return { ...cost, resource, quantity }
    })
  })
  if (choices.every((choice) => choice === undefined)) return undefined
  const base = {
    ...NOTHING,
    monthlyMinor: repricingMinor(plan, period, quantities, subscription.recurringMinor, basisPoints),
  }
  return { plan, period, subscription, base, forced: 0, choices }
}

/** An add-on plan, on each of its periods. Its minimum of everything is part of it. */
export function addonVehicles({ plan, raising, periods }: KnownPlan, search: Search): Vehicle[] {
  const { needs, situation, horizonDays } = search
  if (!needs.some(({ usageName }) => raising.has(usageName))) return []
  return periods.flatMap(({ period, base }) => {
    let forced = 0
    const choices = needs.map(({ usageName, value, least }, index): Choice | undefined => {
      const raised = raising.get(usageName)
      if (!raised) return undefined
      if (raised.granted > 0n) forced |= 1 << index
      const missing = least - value - raised.granted
      if (missing <= 0n) return { ...NOTHING, resource: null, quantity: 0n }
      return cheapest(raised.resources, horizonDays, (resource) => {
        if (!isOrderable(plan, resource)) return undefined
        const quantity = resource.minimum + ceilDivide(missing, perUnit(resource))
        if (quantity > mostOf(resource)) return undefined
        const cost = moreCost(resource, resource.minimum, quantity, period, situation.basisPoints)
        return { ...cost, resource, quantity }
      })
    })
    // One that is raised and stays short spoils the plan.
    if (choices.some((choice, index) => choice === undefined && forced & (1 << index))) return []
    return choices.some((choice) => choice !== undefined)
      ? [{ plan, period, subscription: null, base, forced, choices }]
      : []
  })
}

export const isAskingNothing = (plan: Plan): boolean => plan.orderAttributes.every(({ required }) => !required)

export const mostOf = (resource: PlanResource): bigint => limitOf(resource) ?? MOST_UNITS

/** The cheapest choice up to the horizon; ties: the lower month, then the lower id. */
function cheapest(
  resources: readonly PlanResource[],
  horizonDays: HorizonDays,
  choose: (resource: PlanResource) => Choice | undefined,
): Choice | undefined {
  let best: Choice | undefined
  for (const resource of resources) {
    const choice = choose(resource)
    if (choice && (!best || compareChoice(choice, best, horizonDays) < 0)) best = choice
  }
  return best
}

function compareChoice(one: Choice, other: Choice, horizonDays: HorizonDays): number {
  const cost = ({ netMinor, taxMinor, monthlyMinor }: Choice): bigint =>
    costOfThirty(netMinor + taxMinor, monthlyMinor, horizonDays)
  const byCost = cost(one) - cost(other) || one.monthlyMinor - other.monthlyMinor
  return byCost < 0n ? -1 : byCost > 0n ? 1 : byId(one.resource?.id ?? '', other.resource?.id ?? '')
}
