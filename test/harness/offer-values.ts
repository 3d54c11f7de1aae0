import fc from 'fast-check'
import type { SubscriptionId } from '../../src/kernel/ids.ts'
import type { Plan, PlanPeriod, PlanResource } from '../../src/catalog/schema.ts'
import { NOBODY } from '../../src/discounts/rules.ts'
import type { QuotaFact, RunningSubscription, Situation } from '../../src/offers/schema.ts'
import { period, plan, resource, snapshot } from './catalog-values.ts'

export const OFFERED_AT = new Date('2026-11-24T12:00:00Z')
const TERM = { startsAt: new Date('2026-11-14T12:00:00Z'), endsAt: new Date('2026-12-14T12:00:00Z') }

/** Values for tests of offers: a subscription of a plan, with the plan's minimum of everything unless said. */
export const running = (
  of: Plan,
  quantities: Readonly<Record<string, bigint>> = {},
  rest: Partial<RunningSubscription> = {},
): RunningSubscription => {
  const on = of.periods[0] ?? period('0')
  const resources = of.resources.map(({ id, minimum, included, quota, recurringFeeMinor }) => ({
    id,
    quantity: quantities[id] ?? minimum,
    usageName: quota?.usageName ?? null,
    quotaPerUnit: quota?.perUnit ?? null,
    feeMinor: recurringFeeMinor * ((quantities[id] ?? minimum) - included),
  }))
  return {
    id: '00000000-0000-7000-8000-000000000001' as SubscriptionId,
    name: of.name,
    planId: of.id,
    planPeriodId: on.id,
    trial: on.trial,
    connector: of.connector,
    term: TERM,
    isFree: true,
    recurringMinor: resources.reduce((sum, { feeMinor }) => sum + feeMinor, on.recurringFeeMinor),
    discount: null,
    resources: resources.map(({ feeMinor: _fee, ...each }) => each),
    ...rest,
  }
}

export const fact = (
  usageName: string,
  value: bigint | null,
  used: bigint,
  growth: QuotaFact['growth'] = null,
): QuotaFact => ({ usageName, measure: usageName === 'storage' ? 'bytes' : 'count', value, used, growth })

export const situation = (
  plans: readonly Plan[],
  subscriptions: readonly RunningSubscription[],
  quotas: readonly QuotaFact[],
  rest: Partial<Situation> = {},
): Situation => ({
  quotas,
  personal: [],
  subscriptions,
  ownedPlanIds: new Set(subscriptions.map(({ planId }) => planId)),
  catalog: snapshot(plans),
  customer: NOBODY,
  basisPoints: 0,
  at: OFFERED_AT,
  ...rest,
})

const USAGES = ['storage', 'seats', 'hosts'] as const
/** Few different fees, so that ties come up. */
const fee = fc.constantFrom(0n, 100n, 100n, 250n, 333n, 999n)
const resources = (firstId: number): fc.Arbitrary<PlanResource[]> =>
  fc
    .uniqueArray(
      fc.record({
        usage: fc.constantFrom(...USAGES, ...USAGES, null),
        included: fc.bigInt(0n, 2n),
        aboveIncluded: fc.bigInt(0n, 1n),
        aboveMinimum: fc.bigInt(0n, 3n),
        perUnit: fc.constantFrom(1n, 2n, 5n),
        recurringFeeMinor: fee,
        setupFeeMinor: fc.constantFrom(0n, 0n, 70n),
      }),
      { maxLength: 3, selector: ({ usage, perUnit }) => `${usage} ${perUnit}` },
    )
    .map((list) =>
      list.map(({ usage, perUnit, included, aboveIncluded, aboveMinimum, ...fees }, index) =>
        resource(String(firstId + index), {
          ...fees,
          included,
          minimum: included + aboveIncluded,
          limit: included + aboveIncluded + aboveMinimum,
          quota: usage === null ? null : { usageName: usage, perUnit },
        }),
      ),
    )
const periods = (firstId: number, maxLength: number): fc.Arbitrary<PlanPeriod[]> =>
  fc
    .array(
      fc.record({
        duration: fc.constantFrom({ value: 1, unit: 'months' as const }, { value: 1, unit: 'years' as const }, null),
        recurringFeeMinor: fee,
        setupFeeMinor: fc.constantFrom(0n, 0n, 500n),
      }),
      { minLength: 1, maxLength },
    )
    .map((list) => list.map((each, index) => period(String(firstId + index), each)))

const anyPlan = (id: number, maxPeriods: number): fc.Arbitrary<Plan> =>
  fc
    .record({ periods: periods(id * 10, maxPeriods), resources: resources(id * 10 + 5) })
    .map((parts) => plan({ id: String(id), secondSubscription: 'allow', ...parts }))

/** Small shops with one or two running subscriptions, add-ons and plans to switch to, and a tenant that has run out. */
export const anySituation: fc.Arbitrary<Situation> = fc
  .record({
    mains: fc.tuple(anyPlan(1, 1), anyPlan(2, 1)),
    addons: fc.tuple(anyPlan(3, 2), anyPlan(4, 2)),
    higher: fc.tuple(anyPlan(5, 2), anyPlan(6, 1)),
    twice: fc.boolean(),
    trial: fc.constantFrom(false, false, false, true),
    agreed: fc.constantFrom(0n, 0n, 0n, 50n, -50n),
    quotas: fc.tuple(
      ...USAGES.map(() => fc.record({ base: fc.bigInt(0n, 6n), over: fc.bigInt(-4n, 4n), grows: fc.bigInt(-2n, 3n) })),
    ),
    basisPoints: fc.constantFrom(0, 1900, 777),
  })
  .map(({ mains, addons, higher, twice, trial, agreed, quotas, basisPoints }) => {
    const [first, second] = [mains[0], mains[1]].map((each): Plan => ({ ...each, switchablePlanIds: ['6', '5'] }))
    if (!first || !second) throw new Error('Two mains are made')
    const subscriptions = [running(first, {}, { trial })]
    if (twice) subscriptions.push(running(second, {}, { id: '00000000-0000-7000-8000-000000000002' as SubscriptionId }))
    const agreedOn = subscriptions.map((each) => ({ ...each, recurringMinor: each.recurringMinor + agreed }))
    const facts = USAGES.map((usageName, index) => {
      const { base, over, grows } = quotas[index] ?? { base: 0n, over: 0n, grows: 0n }
      const granted = subscriptions
        .flatMap((each) => each.resources)
        .reduce(
          (sum, each) => (each.usageName === usageName ? sum + each.quantity * (each.quotaPerUnit ?? 0n) : sum),
          0n,
        )
      const value = base + granted
      const used = value + over < 0n ? 0n : value + over
      return fact(usageName, value, used, { units: grows, days: 100n })
    })
    const addonPlans = addons.map((each) => ({ ...each, addonToPlanIds: ['1'] }))
    return situation([first, second, ...addonPlans, ...higher], agreedOn, facts, { basisPoints })
  })
