import { monthlyOf, priceOrder, taxOn } from '../../src/catalog/rules.ts'
import { chargeable } from '../../src/catalog/rules.ts'
import type { Plan, PlanPeriod } from '../../src/catalog/schema.ts'
import { priceChange } from '../../src/orders/rules.ts'
import { priceSwitch } from '../../src/offers/price-switch.ts'
import { compareRank, isShort, isWell, type Rank, usedIn } from '../../src/offers/rules.ts'
import type { HorizonDays, RunningSubscription, Situation } from '../../src/offers/schema.ts'

/** One thing that may be done, tried out whole. */
interface Try {
  readonly raised: ReadonlyMap<string, bigint>
  /** How many actions raise each usage. */
  readonly by: ReadonlyMap<string, number>
  readonly todayMinor: bigint
  readonly extraMonthlyMinor: bigint
  readonly actions: number
  readonly ids: readonly bigint[]
  /** Totals by resource. */
  readonly totals: ReadonlyMap<string, bigint>
}

/**
 * The best of all that could be bought, found by trying everything: every quantity of every resource of what runs and of
 * every add-on on every period, in every combination, and every switch. Prices come from the rules of the orders.
 */
export function bestByForce(situation: Situation, horizonDays: HorizonDays): Rank | undefined {
  const short = situation.quotas.filter(isShort)
  const isEnough = (usageName: string, raised: bigint): boolean => {
    const fact = situation.quotas.find((each) => each.usageName === usageName)
    return !fact || isWell({ ...fact, value: (fact.value ?? 0n) + raised }, usedIn(fact, horizonDays))
  }
  const groups = [
    ...situation.subscriptions.map((subscription) =>
      changes(
        subscription,
        situation,
        short.map((each) => each.usageName),
      ),
    ),
    ...[...situation.catalog.plans.values()]
      .filter((plan) =>
        plan.addonToPlanIds.some((id) => situation.subscriptions.some(({ planId, trial }) => planId === id && !trial)),
      )
      .map((plan) => orders(plan, situation)),
  ]
  let best: Rank | undefined
  const consider = (tries: readonly Try[]): void => {
    for (const { usageName } of short) {
      const acting = tries.reduce((sum, each) => sum + (each.by.get(usageName) ?? 0), 0)
      const raised = tries.reduce((sum, each) => sum + (each.raised.get(usageName) ?? 0n), 0n)
      if (acting !== 1 || !isEnough(usageName, raised)) return
    }
    const rank = rankOf(tries, horizonDays)
    if (!best || compareRank(rank, best) < 0) best = rank
  }
  const walk = (index: number, chosen: readonly Try[]): void => {
    const group = groups[index]
    if (!group) return consider(chosen)
    walk(index + 1, chosen)
    for (const each of group) {
      // Only what cannot become right any more is passed over; and of what is free, more than is needed.
      if (!ends(each) || group.some((other) => isLess(other, each) && ends(other))) continue
      walk(index + 1, [...chosen, each])
    }
  }
  const ends = (each: Try): boolean =>
    short.every(({ usageName }) => !each.by.has(usageName) || isEnough(usageName, each.raised.get(usageName) ?? 0n))
  walk(0, [])
  for (const subscription of situation.subscriptions)
    for (const each of switches(subscription, situation)) {
      const lowers = [...each.raised.values()].some((raised) => raised < 0n)
      if (lowers || !short.every(({ usageName }) => isEnough(usageName, each.raised.get(usageName) ?? 0n))) continue
      const rank = rankOf([each], horizonDays)
      if (!best || compareRank(rank, best) < 0) best = rank
    }
  return best
}

/** The same order with less of something and more of nothing, which raises the same. */
const isLess = (one: Try, other: Try): boolean =>
  one !== other &&
  one.ids[1] === other.ids[1] &&
  [...one.by.keys()].join() === [...other.by.keys()].join() &&
  [...other.totals].every(([id, quantity]) => (one.totals.get(id) ?? 0n) <= quantity)

function rankOf(tries: readonly Try[], horizonDays: HorizonDays): Rank {
  const sum = (pick: (each: Try) => bigint): bigint => tries.reduce((total, each) => total + pick(each), 0n)
  const extraMonthlyMinor = sum((each) => each.extraMonthlyMinor)
  return {
    costOfThirty:
      sum((each) => each.todayMinor) * 30n + extraMonthlyMinor * (horizonDays < 30 ? 30n : BigInt(horizonDays)),
    extraMonthlyMinor,
    actions: tries.reduce((total, each) => total + each.actions, 0),
    ids: () =>
      tries
        .map((each) => each.ids)
        .toSorted((one, other) => {
          const at = one.findIndex((id, index) => id !== other[index])
          return at < 0 ? 0 : (one[at] ?? 0n) < (other[at] ?? 0n) ? -1 : 1
        }),
  }
}

/** All quantities of a plan's resources from what is given up to their limits. */
function quantities(
  plan: Plan,
  from: ReadonlyMap<string, bigint>,
  free: (usageName: string) => boolean,
): Map<string, bigint>[] {
  let all = [new Map<string, bigint>()]
  for (const { id, quota, limit } of plan.resources) {
    const least = from.get(id) ?? 0n
    const most = quota && free(quota.usageName) ? (limit ?? least) : least
    all = all.flatMap((so) => {
      const next: Map<string, bigint>[] = []
      for (let quantity = least; quantity <= most; quantity++) next.push(new Map([...so, [id, quantity]]))
      return next
    })
  }
  return all
}

const monthly = (plan: Plan, period: PlanPeriod, totals: ReadonlyMap<string, bigint>, basisPoints: number): bigint =>
  [
    period.recurringFeeMinor,
    ...plan.resources.map((each) => each.recurringFeeMinor * chargeable(each, totals.get(each.id) ?? each.minimum)),
  ].reduce((sum, net) => sum + net + taxOn(net, basisPoints), 0n)

function grants(plan: Plan, totals: ReadonlyMap<string, bigint>, sign = 1n, into = new Map<string, bigint>()) {
  for (const { id, quota } of plan.resources)
    if (quota)
      into.set(quota.usageName, (into.get(quota.usageName) ?? 0n) + sign * quota.perUnit * (totals.get(id) ?? 0n))
  return into
}

function of(subscription: RunningSubscription, { catalog }: Situation) {
  const plan = catalog.plans.get(subscription.planId)
  const period = plan?.periods.find(({ id }) => id === subscription.planPeriodId)
  if (!plan || !period || !subscription.term) throw new Error('The generator makes whole subscriptions')
  const before = new Map(subscription.resources.map(({ id, quantity }) => [id, quantity]))
  return { plan, period, before, term: subscription.term, number: BigInt(`0x${subscription.id.replaceAll('-', '')}`) }
}

function repriced(subscription: RunningSubscription, situation: Situation): bigint {
  const { plan, period, before } = of(subscription, situation)
  const net = monthlyOf(plan, period, before) - subscription.recurringMinor
  return net + taxOn(net, situation.basisPoints)
}

function changes(subscription: RunningSubscription, situation: Situation, short: readonly string[]): Try[] {
  const { plan, period, before, term, number } = of(subscription, situation)
  const { basisPoints, at } = situation
  if (subscription.trial) return []
  return quantities(plan, before, (usageName) => short.includes(usageName)).flatMap((after) => {
    const changed = plan.resources.filter(({ id }) => after.get(id) !== before.get(id))
    if (changed.length === 0) return []
    const by = new Map<string, number>()
    for (const { quota } of changed) if (quota) by.set(quota.usageName, (by.get(quota.usageName) ?? 0) + 1)
    if ([...by.values()].some((actions) => actions > 1)) return []
    // In the order in which the needs are numbered, as the rule lists them.
    const ids = short.flatMap((usageName) =>
      changed.filter(({ quota }) => quota?.usageName === usageName).map(({ id }) => BigInt(id)),
    )
    return [
      {
        raised: grants(plan, before, -1n, grants(plan, after)),
        by,
        todayMinor: priceChange({ plan, period, term, before, after, currency: 'USD', basisPoints, at }).totalMinor,
        extraMonthlyMinor:
          monthly(plan, period, after, basisPoints) -
          monthly(plan, period, before, basisPoints) +
          repriced(subscription, situation),
        actions: changed.length,
        ids: [BigInt(plan.id), BigInt(period.id), number, ...ids],
        totals: after,
      },
    ]
  })
}

function orders(plan: Plan, { basisPoints, quotas }: Situation): Try[] {
  const short = quotas.filter(isShort).map(({ usageName }) => usageName)
  const minimum = new Map(plan.resources.map((each) => [each.id, each.minimum]))
  return plan.periods.flatMap((period) =>
    quantities(plan, minimum, (usageName) => short.includes(usageName)).flatMap((totals): Try[] => {
      if (hasTwoRaised(plan, totals)) return []
      const changed = plan.resources.filter(({ id, minimum: least }) => totals.get(id) !== least)
      const raised = grants(plan, totals)
      const ids = short.flatMap((usageName) =>
        changed.filter(({ quota }) => quota?.usageName === usageName).map(({ id }) => BigInt(id)),
      )
      return [
        {
          raised,
          by: new Map([...raised].filter(([, units]) => units > 0n).map(([usageName]) => [usageName, 1])),
          todayMinor: priceOrder(plan, period, totals, 'USD', basisPoints).totalMinor,
          extraMonthlyMinor: monthly(plan, period, totals, basisPoints),
          actions: 1,
          ids: [BigInt(plan.id), BigInt(period.id), ...ids],
          totals,
        },
      ]
    }),
  )
}

/** Of the resources that raise one quota, one is taken more of than its minimum. */
function hasTwoRaised(plan: Plan, totals: ReadonlyMap<string, bigint>): boolean {
  const changed = plan.resources.filter(({ id, minimum }) => totals.get(id) !== minimum)
  return new Set(changed.map(({ quota }) => quota?.usageName)).size < changed.length
}

function switches(subscription: RunningSubscription, situation: Situation): Try[] {
  const { plan, period, before, term, number } = of(subscription, situation)
  const { basisPoints, catalog } = situation
  const paid = subscription.trial ? null : { period, term, recurringMinor: subscription.recurringMinor, discount: null }
  const agreed = subscription.trial
    ? 0n
    : monthly(plan, period, before, basisPoints) - repriced(subscription, situation)
  return plan.switchablePlanIds.flatMap((id) => {
    const next = catalog.plans.get(id)
    if (!next) return []
    const minimum = new Map(next.resources.map((each) => [each.id, each.minimum]))
    return next.periods.flatMap((to) =>
      quantities(next, minimum, () => true)
        .filter((totals) => !hasTwoRaised(next, totals))
        .map((totals) => ({
          raised: grants(plan, before, -1n, grants(next, totals)),
          by: new Map<string, number>(),
          todayMinor: priceSwitch({ plan: next, period: to, quantities: totals }, paid, situation).totalMinor,
          extraMonthlyMinor: monthly(next, to, totals, basisPoints) - agreed,
          actions: 1,
          ids: [BigInt(next.id), BigInt(to.id), number],
          totals,
        })),
    )
  })
}
