import { monthlyOf } from '../catalog/rules.ts'
import type { CatalogSnapshot } from '../catalog/schema.ts'
import type { Money } from '../kernel/money.ts'
import type { AnswerView, OfferView } from './offer-shape.ts'
import { isShort } from './rules.ts'
import type { Answer, Offer, QuotaFact, RunningSubscription, Situation, Step } from './schema.ts'
import { quantitiesOf } from './vehicles.ts'

/** An answer in names that people and programs read. */
export function presentAnswer(answer: Answer, situation: Situation, solvedAt: Date | null): AnswerView {
  const shown = answer.kind === 'offers' ? [answer.recommended, ...answer.alternatives] : []
  return {
    kind: answer.kind,
    horizonDays: answer.kind === 'offers' ? answer.horizonDays : 0,
    reason: answer.kind === 'offers' ? answer.reason : null,
    items: [
      ...situation.quotas.filter(isShort).map((fact) => item(fact, 'customer')),
      ...situation.personal.filter(isShort).map((fact) => item(fact, 'user')),
    ],
    reassign: [...(answer.kind === 'offers' ? answer.reassign : answer.kind === 'reassign' ? answer.items : [])],
    offers: shown.map((offer, position) => presentOffer(offer, position, situation)),
    isOrderUnderWay: answer.kind === 'contact' && answer.isOrderUnderWay,
    solvedAt: answer.kind === 'solved' ? solvedAt : null,
  }
}

const item = ({ usageName, measure, used, value }: QuotaFact, of: 'customer' | 'user') => ({
  usageName,
  measure,
  of,
  used,
  value: value === null || value > 0n ? value : 0n,
})

function presentOffer(offer: Offer, position: number, situation: Situation): OfferView {
  const { currency } = situation.catalog
  const money = (amountMinor: bigint): Money => ({ amountMinor, currency })
  const { beforeMinor, afterMinor } = recurringOf(offer.steps, situation)
  return {
    position,
    steps: offer.steps.map((step) => presentStep(step, situation)),
    raises: [...offer.raises],
    todayNet: money(offer.todayNetMinor),
    todayTax: money(offer.todayTaxMinor),
    today: money(offer.todayMinor),
    recurringBefore: money(beforeMinor),
    recurringAfter: money(afterMinor),
    coversDays: offer.coversDays,
  }
}

/** Net a month of what some steps change and add, as it is and as it becomes. */
export function recurringOf(
  steps: readonly Step[],
  { catalog, subscriptions }: Pick<Situation, 'catalog' | 'subscriptions'>,
): { readonly beforeMinor: bigint; readonly afterMinor: bigint } {
  let [beforeMinor, afterMinor] = [0n, 0n]
  for (const step of steps) {
    beforeMinor += runningOf(step, subscriptions)?.recurringMinor ?? 0n
    const { plan, period } = soldOf(step, catalog)
    if (plan && period) afterMinor += monthlyOf(plan, period, step.quantities)
  }
  return { beforeMinor, afterMinor }
}

function presentStep(step: Step, { catalog, subscriptions }: Situation): OfferView['steps'][number] {
  const { plan, period } = soldOf(step, catalog)
  const subscription = runningOf(step, subscriptions)
  const before = step.kind === 'change' && subscription ? quantitiesOf(subscription) : new Map<string, bigint>()
  return {
    kind: step.kind,
    subscription: subscription ? { id: subscription.id, name: subscription.name } : null,
    plan: { id: step.planId, name: plan?.name ?? '' },
    planPeriodId: step.planPeriodId,
    duration: period?.duration ? { ...period.duration } : null,
    resources: (plan?.resources ?? []).flatMap(({ id, name, unit }) => {
      const [from, to] = [before.get(id) ?? 0n, step.quantities.get(id) ?? 0n]
      return from === to ? [] : [{ id, name, unit, before: from, after: to }]
    }),
  }
}

const runningOf = (step: Step, subscriptions: readonly RunningSubscription[]): RunningSubscription | undefined =>
  step.kind === 'addon' ? undefined : subscriptions.find(({ id }) => id === step.subscriptionId)

function soldOf({ planId, planPeriodId }: Step, catalog: CatalogSnapshot) {
  const plan = catalog.plans.get(planId)
  return { plan, period: plan?.periods.find(({ id }) => id === planPeriodId) }
}

/** The steps of an offer that was shown, against what runs now; undefined where a subscription is gone. */
export function stepsOf(shown: OfferView, { subscriptions, catalog }: Situation): Step[] | undefined {
  const steps = shown.steps.map(({ kind, subscription, plan, planPeriodId, resources }): Step | undefined => {
    const named = new Map(resources.map(({ id, after }) => [id, after]))
    const common = { planId: plan.id, planPeriodId }
    const minimum = (catalog.plans.get(plan.id)?.resources ?? []).map((each) => [each.id, each.minimum] as const)
    if (kind === 'addon') return { kind, ...common, quantities: new Map([...minimum, ...named]) }
    const running = subscriptions.find(({ id }) => id === subscription?.id)
    if (!running) return undefined
    return kind === 'change'
      ? { kind, ...common, subscriptionId: running.id, quantities: new Map([...quantitiesOf(running), ...named]) }
      : {
          kind,
          ...common,
          subscriptionId: running.id,
          fromPlanId: running.planId,
          quantities: new Map([...minimum, ...named]),
        }
  })
  return steps.every((step) => step !== undefined) ? steps : undefined
}
