import type { Problem } from '../kernel/errors.ts'
import type { PlanDraft } from './plan-input.ts'

/** What a draft is judged beside. */
export interface PlanContext {
  /** Plans that this seller sells, as ids: what can take its place, be switched to, be an add-on to. */
  readonly soldPlanIds: ReadonlySet<string>
  /** Products of the seller's own. */
  readonly productIds: ReadonlySet<string>
  /** New periods and resources may come with an id of their own: a configuration file's. */
  readonly mayNameNew?: boolean
  /** The plan as it is now; undefined for a new one. */
  readonly former?: (PlanDraft & { readonly id: string; readonly launched: boolean }) | undefined
}

/** All that is wrong with a plan, in plain words; paths are those of the API. An empty list is good. */
export function planProblems(plan: PlanDraft, context: PlanContext): Problem[] {
  const problems: Problem[] = []
  const say = (path: string, message: string, code = 'invalid') => problems.push({ path, code, message })
  const { former } = context

  if (plan.name === '') say('name', 'Give the plan a name.', 'required')
  if (plan.productId === '') say('product_id', 'Say which product the plan belongs to.', 'required')
  else if (!context.productIds.has(plan.productId))
    say('product_id', `There is no product ${plan.productId} of yours.`, 'not_found')
  if (former?.launched && plan.billingType !== former.billingType)
    say('billing_type', 'The plan was on sale already, so its billing type stays. Make a new plan instead.')
  if (former?.launched && plan.productId !== former.productId)
    say('product_id', 'The plan was on sale already, so it stays with its product. Make a new plan instead.')
  if (former?.launched && plan.status === 'draft')
    say('status', 'The plan was on sale already and cannot become a draft again. Retire it instead.')

  periodProblems(plan, context, say)
  resourceProblems(plan, context, say)
  topupProblems(plan, say)

  const ownId = former?.id
  const others: readonly (readonly [string, readonly string[]])[] = [
    ['successor_id', plan.successorId === null ? [] : [plan.successorId]],
    ['switchable_plan_ids', plan.switchablePlanIds],
    ['addon_to_plan_ids', plan.addonToPlanIds],
  ]
  for (const [path, ids] of others)
    for (const id of ids) {
      if (id === ownId) say(path, 'A plan cannot name itself.')
      else if (!context.soldPlanIds.has(id)) say(path, `You sell no plan ${id}.`, 'not_found')
    }
  if (plan.successorId !== null && plan.status !== 'retired')
    say('successor_id', 'Only a retired plan has a successor: retire it, or leave the successor out.')
  const keys = plan.orderAttributes.map(({ key }) => key)
  for (const [index, key] of keys.entries())
    if (keys.indexOf(key) !== index)
      say(`order_attributes.${index}.key`, `There are two order attributes called ${key}.`, 'repeated')
  return problems
}

type Say = (path: string, message: string, code?: string) => void

function periodProblems(plan: PlanDraft, { former, mayNameNew }: PlanContext, say: Say): void {
  const known = new Set(former?.periods.map(({ id }) => id))
  const isPayAsYouGo = plan.billingType !== 'pay_in_full'
  for (const [index, period] of plan.periods.entries()) {
    const path = `periods.${index}`
    const hasFees = period.setupFeeMinor + period.recurringFeeMinor + period.renewalFeeMinor > 0n
    const isNegative = [period.setupFeeMinor, period.recurringFeeMinor, period.renewalFeeMinor].some((fee) => fee < 0n)
    if (former && !mayNameNew && period.id !== undefined && !known.has(period.id))
      say(`${path}.id`, `This plan has no period ${period.id}. Leave the id out to add one.`, 'not_found')
    if (isNegative) say(path, 'A fee is not below zero.')
    if (period.trial && period.duration === null)
      say(`${path}.duration`, 'A trial ends: say after how long.', 'required')
    if (period.trial && hasFees) say(path, 'A trial is free: take its fees out.')
    if (isPayAsYouGo && !period.trial && period.duration !== null)
      say(`${path}.duration`, 'Pay as you go runs without end: take the duration out.')
    if (plan.billingType === 'pay_as_you_go_internal' && hasFees)
      say(path, 'Pay as you go charges for what is used: take the fees of the period out.')
    const earlier = former?.periods.find(({ id }) => id !== undefined && id === period.id)
    if (former?.launched && earlier && !sameLength(earlier, period))
      say(`${path}.duration`, 'This period was on sale already, so its length stays. Add another period instead.')
  }
  const trials = plan.periods.filter((period) => period.trial && period.isPublic)
  if (trials.length > 1) say('periods', 'A plan has one trial: hide or remove the other.', 'repeated')
  if (plan.status === 'active' && !plan.periods.some((period) => period.isPublic))
    say('periods', 'A plan on sale has a period that can be ordered.', 'required')
  if (plan.defaultPeriodId !== null) {
    const chosen = plan.periods.find(({ id }) => id === plan.defaultPeriodId)
    if (!chosen) say('default_period_id', `This plan has no period ${plan.defaultPeriodId}.`, 'not_found')
    else if (chosen.trial || !chosen.isPublic)
      say('default_period_id', 'Buy now orders a period that is paid for and shown.')
  }
}

const sameLength = (a: PlanDraft['periods'][number], b: PlanDraft['periods'][number]): boolean =>
  a.trial === b.trial && a.duration?.unit === b.duration?.unit && a.duration?.value === b.duration?.value

function resourceProblems(plan: PlanDraft, { former, mayNameNew }: PlanContext, say: Say): void {
  const known = new Set(former?.resources.map(({ id }) => id))
  const isPayAsYouGo = plan.billingType !== 'pay_in_full'
  for (const [index, resource] of plan.resources.entries()) {
    const path = `resources.${index}`
    const name = resource.name === '' ? `Resource ${index + 1}` : resource.name
    const fees = [
      resource.setupFeeMinor,
      resource.recurringFeeMinor,
      resource.renewalFeeMinor,
      resource.overuseFeeMinor,
    ]
    if (former && !mayNameNew && resource.id !== undefined && !known.has(resource.id))
      say(`${path}.id`, `This plan has no resource ${resource.id}. Leave the id out to add one.`, 'not_found')
    if (resource.name === '') say(`${path}.name`, 'Give the resource a name.', 'required')
    if (resource.unit === '') say(`${path}.unit`, `Say what one unit of ${name} is called.`, 'required')
    if (resource.minimum < resource.included)
      say(
        `${path}.minimum`,
        `${name}: the minimum (${resource.minimum}) is below what is included (${resource.included}).`,
      )
    if (resource.limit !== null && resource.limit < resource.minimum)
      say(`${path}.limit`, `${name}: the limit (${resource.limit}) is below the minimum (${resource.minimum}).`)
    if (resource.kind === 'boolean' && resource.minimum > 1n)
      say(`${path}.minimum`, `${name} is there or not: at most 1.`)
    if (fees.some((fee) => fee < 0n)) say(path, `${name}: a fee is not below zero.`)
    if (!isPayAsYouGo && resource.unitPrice !== null)
      say(`${path}.unit_price`, `${name}: a price by the hour belongs to pay as you go.`)
    if (plan.billingType === 'pay_as_you_go_internal' && resource.limit !== resource.minimum)
      say(`${path}.limit`, `${name}: quotas of pay as you go are fixed at ordering, so minimum and limit are equal.`)
    if (resource.quota && resource.quota.perUnit <= 0n)
      say(`${path}.quota.per_unit`, `${name}: say by how much one unit raises the quota.`)
  }
}

function topupProblems(plan: PlanDraft, say: Say): void {
  if (plan.minimumTopupMinor === null) return
  const hasFees = plan.resources.some(
    (each) => each.setupFeeMinor + each.recurringFeeMinor + each.renewalFeeMinor + each.overuseFeeMinor > 0n,
  )
  if (plan.minimumTopupMinor <= 0n) say('minimum_topup', 'The least top-up is more than zero.')
  if (plan.billingType === 'pay_in_full' || hasFees || !plan.paymentModels.includes('prepay'))
    say('minimum_topup', 'Only prepaid pay as you go without fees on its resources takes a top-up.')
}
