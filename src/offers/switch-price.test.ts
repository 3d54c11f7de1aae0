import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anySituation } from '../../test/harness/offer-values.ts'
import { judgeSwitch } from '../orders/judge-switch.ts'
import type { Running } from '../orders/rules.ts'
import { priceStep, recommend } from './recommend.ts'
import { costOfThirty, doesAsMuch } from './rules.ts'
import { HORIZONS, type RunningSubscription, type Situation, type Step } from './schema.ts'

type Switch = Extract<Step, { kind: 'switch' }>

/** As the order will read it: what runs, with its resources. */
const asOrdered = (subscription: RunningSubscription): Running =>
  ({
    subscription: {
      ...subscription,
      status: 'active',
      currency: 'USD',
      paymentModel: 'prepay',
      periodStartsAt: subscription.term?.startsAt ?? null,
      periodEndsAt: subscription.term?.endsAt ?? null,
    },
    resources: subscription.resources,
  }) as unknown as Running

function judge(step: Switch, { subscriptions, catalog, customer, basisPoints, at }: Situation) {
  const subscription = subscriptions.find(({ id }) => id === step.subscriptionId)
  assert.ok(subscription)
  const taxRates = [{ country: '*', customerType: '*' as const, name: '', basisPoints, reverseCharge: false }]
  const { planId, planPeriodId, quantities } = step
  const asked = Object.fromEntries(quantities)
  const judged = judgeSwitch(
    { ...catalog, taxRates },
    asOrdered(subscription),
    { planId, planPeriodId, asked },
    { ...customer, country: 'US', customerType: 'business', vatId: '' },
    at,
  )
  assert.ok('quote' in judged, 'message' in judged ? judged.message : '')
  const { netMinor, taxMinor, totalMinor } = judged.quote
  return { netMinor, taxMinor, totalMinor }
}

const priced = (step: Switch, where: Situation) => {
  const { netMinor, taxMinor, totalMinor } = priceStep(step, where)
  return { netMinor, taxMinor, totalMinor }
}

const switchesIn = ({ subscriptions, catalog }: Situation): Switch[] =>
  subscriptions.flatMap(({ id, planId }) =>
    (catalog.plans.get(planId)?.switchablePlanIds ?? []).flatMap((next) => {
      const plan = catalog.plans.get(next)
      return (plan?.periods ?? []).map(
        (period): Switch => ({
          kind: 'switch',
          subscriptionId: id,
          fromPlanId: planId,
          planId: next,
          planPeriodId: period.id,
          quantities: new Map(plan?.resources.map((resource) => [resource.id, resource.minimum])),
        }),
      )
    }),
  )

test('a switch costs what its order will say, whatever was agreed on before', () => {
  let compared = 0
  fc.assert(
    fc.property(anySituation, fc.bigInt(0n, 3000n), (shop, agreed) => {
      const subscriptions = shop.subscriptions.map((each) => ({
        ...each,
        recurringMinor: each.recurringMinor + agreed,
      }))
      const where = { ...shop, subscriptions }
      for (const step of switchesIn(where)) {
        compared++
        assert.deepEqual(priced(step, where), judge(step, where))
      }
    }),
  )
  assert.ok(compared > 100)
})

test('every switch that is offered can be ordered, at the price that is shown', () => {
  let offered = 0
  fc.assert(
    fc.property(anySituation, fc.constantFrom(...HORIZONS), (where, days) => {
      const answer = recommend(where, days)
      if (answer.kind !== 'offers') return
      for (const { steps } of [answer.recommended, ...answer.alternatives])
        for (const step of steps)
          if (step.kind === 'switch') {
            offered++
            assert.deepEqual(priced(step, where), judge(step, where))
          }
    }),
    { numRuns: 400 },
  )
  assert.ok(offered > 10)
})

test('where discounts come off by themselves, offers cost what their orders will say, and none is dearer than a listed one that does as much', () => {
  const discount = {
    name: 'Opening',
    fees: ['setup', 'recurring'] as const,
    periods: 1,
    productIds: [],
    planPeriodIds: [],
    accountIds: [],
    ownedPlanIds: [],
    startsAt: null,
    endsAt: null,
  }
  let discounted = 0
  fc.assert(
    fc.property(anySituation, fc.constantFrom(...HORIZONS), fc.nat(), (shop, days, chosen) => {
      const ids = [...shop.catalog.plans.keys()]
      const planIds = [ids[chosen % ids.length] ?? '']
      const discounts = [
        { ...discount, id: 'a', planIds, off: { kind: 'percent' as const, basisPoints: 6500 } },
        { ...discount, id: 'b', planIds: [], off: { kind: 'amount' as const, amountMinor: 100n } },
        // For who has a plan already: not by the very subscription that is switched away.
        {
          ...discount,
          id: 'c',
          planIds: [],
          ownedPlanIds: planIds,
          off: { kind: 'percent' as const, basisPoints: 9000 },
        },
      ]
      const owns = shop.subscriptions
        .filter(({ trial }) => !trial)
        .map(({ id: subscriptionId, planId }) => ({ subscriptionId, planId }))
      const where = { ...shop, customer: { id: 'account', owns }, catalog: { ...shop.catalog, discounts } }
      const answer = recommend(where, days)
      if (answer.kind !== 'offers') return
      const listed = [answer.recommended, ...answer.alternatives]
      for (const [place, offer] of listed.entries()) {
        const todayMinor = offer.steps.reduce((sum, step) => sum + priceStep(step, where).totalMinor, 0n)
        assert.equal(offer.todayMinor, todayMinor)
        assert.equal(offer.costOfThirty, costOfThirty(todayMinor, offer.extraMonthlyMinor, answer.horizonDays))
        for (const step of offer.steps)
          if (step.kind === 'switch') assert.deepEqual(priced(step, where), judge(step, where))
        if (offer.steps.some((step) => priceStep(step, where).totalMinor < priceStep(step, shop).totalMinor))
          discounted++
        for (const cheaper of listed.slice(0, place)) assert.ok(!doesAsMuch(cheaper, offer))
        for (const dearer of listed.slice(place + 1)) assert.ok(offer.costOfThirty <= dearer.costOfThirty)
      }
    }),
    { numRuns: 400 },
  )
  assert.ok(discounted > 10, String(discounted))
})
