import type { Quote } from '../catalog/rules.ts'
import type { CatalogSnapshot, Plan, PlanPeriod } from '../catalog/schema.ts'
import { without } from '../discounts/rules.ts'
import { invariant } from '../kernel/errors.ts'
import { priceChange } from '../orders/rules.ts'
import { priceNew, priceSwitch } from './price-switch.ts'
import { combine, type Groups, type Part } from './combine.ts'
import {
  compareRank,
  costOfThirty,
  daysUntilShort,
  doesAsMuch,
  isShort,
  leastQuota,
  type Rank,
  subscriptionOf,
  usedIn,
} from './rules.ts'
import {
  type Answer,
  HORIZONS,
  type HorizonDays,
  type Offer,
  type QuotaFact,
  type Reason,
  type Situation,
  type Step,
} from './schema.ts'
import { paidFor, switchesOf } from './switches.ts'
import { addonGroups } from './addons.ts'
import { changeVehicle, grantsAfter, type Need, quantitiesOf } from './vehicles.ts'

/** More than this nobody compares. */
const MOST_SHORT = 8
const MOST_LISTED = 10

/**
 * What to do about quotas that ran out (spec/upsell.md "The closed loop"): nothing any more, giving the user more of what
 * the tenant has, the cheapest purchase that ends the shortage up to the horizon, or asking the provider. Where nothing
 * lasts so long, what lasts for the next shorter horizon.
 */
export function recommend(situation: Situation, horizonDays: HorizonDays): Answer {
  const short = situation.quotas.filter(isShort)
  const reassign = situation.personal
    .filter((fact) => isShort(fact) && !short.some(({ usageName }) => usageName === fact.usageName))
    .map((fact) => ({
      usageName: fact.usageName,
      from: fact.value ?? 0n,
      to: leastQuota(fact.measure, fact.used),
    }))
  if (short.length === 0) return reassign.length === 0 ? { kind: 'solved' } : { kind: 'reassign', items: reassign }
  for (const days of HORIZONS.filter((each) => each <= horizonDays).toReversed()) {
    const [recommended, ...alternatives] = offersFor(situation, short, days)
    if (recommended) {
      const reason = reasonFor(recommended, days, horizonDays)
      return { kind: 'offers', horizonDays: days, reason, recommended, alternatives, reassign }
    }
  }
  return { kind: 'contact', isOrderUnderWay: situation.subscriptions.some(({ isFree }) => !isFree) }
}

/** Offers that end every shortage, the cheapest first, without those that cost more and do no more. */
function offersFor(situation: Situation, short: readonly QuotaFact[], horizonDays: HorizonDays): Offer[] {
  if (short.length > MOST_SHORT) return []
  const needs = short.map((fact): Need => {
    const least = leastQuota(fact.measure, usedIn(fact, horizonDays))
    return { usageName: fact.usageName, value: fact.value ?? least, least }
  })
  const search = { situation, needs, horizonDays }
  const groups: Groups = function* (limitOf) {
    for (const subscription of situation.subscriptions) {
      const vehicle = changeVehicle(subscription, search)
      if (vehicle) yield [vehicle]
    }
    yield* addonGroups(search, limitOf)
  }
  const found: Found[] = [
    ...combine(groups, needs.length, horizonDays).map((combination) => ({
      rank: combination,
      steps: () => combination.parts.map(stepOf),
    })),
    ...situation.subscriptions
      .flatMap((subscription) => switchesOf(subscription, search))
      .map((each) => ({ rank: each, steps: () => [each.step()] })),
  ]
  return undominated(
    (situation.catalog.discounts.length === 0
      ? found
      : found.map((each) => asCharged(each, situation, horizonDays))
    ).sort((one, other) => compareRank(one.rank, other.rank)),
    situation,
  )
}

interface Found {
  readonly rank: Rank
  readonly steps: () => readonly Step[]
}

/** The search knows no discounts; where there are some, what is compared is what will be charged. */
function asCharged({ rank, steps: make }: Found, situation: Situation, horizonDays: HorizonDays): Found {
  const steps = make()
  const todayMinor = steps.reduce((sum, step) => sum + priceStep(step, situation).totalMinor, 0n)
  return {
    rank: { ...rank, costOfThirty: costOfThirty(todayMinor, rank.extraMonthlyMinor, horizonDays) },
    steps: () => steps,
  }
}

/** They come cheapest first: one is listed only if it does more than each before it. */
function undominated(found: readonly Found[], situation: Situation): Offer[] {
  const listed: Offer[] = []
  for (const { rank, steps: make } of found) {
    if (listed.length === MOST_LISTED) break
    const steps = make()
    const raises = raisesOf(steps, situation)
    if (!listed.some((cheaper) => doesAsMuch(cheaper, { raises }))) listed.push(offerOf(rank, steps, raises, situation))
  }
  return listed
}

function stepOf({ vehicle, mask }: Part): Step {
  const { plan, period, subscription, choices } = vehicle
  const quantities = subscription
    ? quantitiesOf(subscription)
    : new Map(plan.resources.map((resource) => [resource.id, resource.minimum]))
  for (const [need, choice] of choices.entries())
    if (choice?.resource && mask & (1 << need)) quantities.set(choice.resource.id, choice.quantity)
  const common = { planId: plan.id, planPeriodId: period.id, quantities }
  return subscription ? { kind: 'change', subscriptionId: subscription.id, ...common } : { kind: 'addon', ...common }
}

function offerOf(rank: Rank, steps: readonly Step[], raises: Offer['raises'], situation: Situation): Offer {
  const quotes = steps.map((step) => priceStep(step, situation))
  const sum = (pick: (quote: Price) => bigint): bigint => quotes.reduce((total, quote) => total + pick(quote), 0n)
  return {
    steps,
    raises,
    todayNetMinor: sum((quote) => quote.netMinor),
    todayTaxMinor: sum((quote) => quote.taxMinor),
    todayMinor: sum((quote) => quote.totalMinor),
    extraMonthlyMinor: rank.extraMonthlyMinor,
    costOfThirty: rank.costOfThirty,
    coversDays: coversDays(raises, situation.quotas),
  }
}

type Price = Pick<Quote, 'netMinor' | 'taxMinor' | 'totalMinor'>

/** The price of one order, by the very rule that the order is placed with. */
export function priceStep(step: Step, situation: Situation): Price {
  const { catalog, subscriptions, basisPoints, at } = situation
  const { currency } = catalog
  const to = { ...found(catalog, step.planId, step.planPeriodId), quantities: step.quantities }
  if (step.kind === 'addon') {
    const { netMinor, taxMinor } = priceNew(to, situation)
    return { netMinor, taxMinor, totalMinor: netMinor + taxMinor }
  }
  const subscription = subscriptions.find(({ id }) => id === step.subscriptionId)
  invariant(subscription, 'a step changes a subscription that runs')
  if (step.kind === 'switch') {
    const { period } = found(catalog, step.fromPlanId, subscription.planPeriodId)
    const where = { ...situation, customer: without(situation.customer, subscription.id) }
    return priceSwitch(to, paidFor(subscription, period), where)
  }
  const { term } = subscription
  invariant(term, 'what is changed has a running period')
  const before = quantitiesOf(subscription)
  return priceChange({ ...to, term, before, after: step.quantities, currency, basisPoints, at })
}

function found(catalog: CatalogSnapshot, planId: string, periodId: string): { plan: Plan; period: PlanPeriod } {
  const plan = catalog.plans.get(planId)
  const period = plan?.periods.find(({ id }) => id === periodId)
  invariant(plan && period, 'a step names what is in the catalogue')
  return { plan, period }
}

/** Quotas after all steps, where they change. */
function raisesOf(steps: readonly Step[], { quotas, catalog, subscriptions }: Situation): Offer['raises'] {
  const added = new Map<string, bigint>()
  const add = (usageName: string, units: bigint): void =>
    void added.set(usageName, (added.get(usageName) ?? 0n) + units)
  for (const step of steps) {
    const plan = catalog.plans.get(step.planId)
    const subscription = subscriptions.find(({ id }) => id === subscriptionOf(step))
    if (step.kind === 'change' && plan && subscription)
      for (const [usageName, units] of grantsAfter(subscription, plan, step.quantities)) add(usageName, units)
    else
      for (const { id, quota } of plan?.resources ?? [])
        if (quota) add(quota.usageName, (step.quantities.get(id) ?? 0n) * quota.perUnit)
    for (const { usageName, quantity, quotaPerUnit } of subscription?.resources ?? [])
      if (usageName !== null) add(usageName, -quantity * (quotaPerUnit ?? 0n))
  }
  const raises: Raise[] = []
  for (const [usageName, units] of added) {
    const fact = quotas.find((each) => each.usageName === usageName)
    if (units === 0n || fact?.value === null) continue
    const from = fact?.value ?? 0n
    raises.push({ usageName, from, to: from + units })
  }
  return raises
}

type Raise = Offer['raises'][number]

function coversDays(raises: Offer['raises'], quotas: readonly QuotaFact[]): number | null {
  const days = quotas.filter(isShort).map((fact) => {
    const raise = raises.find(({ usageName }) => usageName === fact.usageName)
    return daysUntilShort(fact, raise?.to ?? fact.value ?? 0n)
  })
  return days.reduce((least, each) => (least === null || (each !== null && each < least) ? each : least), null)
}

/** In words why it is the first. */
function reasonFor({ coversDays: days }: Offer, horizonDays: HorizonDays, wanted: HorizonDays): Reason {
  if (days === null) return { key: 'offer.reason.ends', values: {} }
  if (horizonDays < wanted) return { key: 'offer.reason.shorter', values: { days, wanted } }
  return { key: 'offer.reason.covers', values: { days } }
}
