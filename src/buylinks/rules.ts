import {
  checkQuantities,
  isOrderable,
  priceOrder,
  type Quote,
  renewalLines,
  takesTopup,
  taxRateFor,
} from '../catalog/rules.ts'
import type { AppliedTax, CatalogSnapshot, PaymentModel, Plan, PlanPeriod, Product } from '../catalog/schema.ts'
import { candidatesFor, type Customer, withHighest } from '../discounts/rules.ts'
import type { Discount, GrantedDiscount } from '../discounts/schema.ts'
import { formatAmount, minorDigits, parseAmount } from '../kernel/money.ts'
import type { ApplicationDraft, InspectedLink, LinkProblem, Malformed, TopupDraft } from '../link/index.ts'
import type { Selection } from './schema.ts'

/** Problems that only the catalogue can tell (spec/buy-links.md "Codes"). */
export type CatalogProblemCode =
  | 'plan_not_found'
  | 'plan_not_available'
  | 'period_not_found'
  | 'period_not_of_plan'
  | 'period_not_available'
  | 'resource_not_of_plan'
  | 'resource_invalid'
  | 'quantity_out_of_range'
  | 'topup_not_allowed'
  | 'amount_invalid'
  | 'amount_too_small'

export type Problem = LinkProblem<string>

/** A link read against one seller's catalogue: what it orders as far as it is right, and everything wrong with it. */
export interface CheckedLink {
  readonly plan: Plan | undefined
  readonly period: PlanPeriod | undefined
  /** Totals that the link presets, by resource id. */
  readonly quantities: Readonly<Record<string, bigint>>
  readonly topupMinor: bigint | null
  readonly errors: readonly Problem[]
  readonly warnings: readonly Problem[]
}

const NOT_FOUND: readonly string[] = ['plan_not_found', 'period_not_found', 'store_not_found']

/** HTTP status of a link with problems: malformed first, then not found, then unavailable, else unprocessable. */
export function statusOfProblems(problems: readonly { readonly code: string }[]): 400 | 404 | 422 | 503 {
  const has = (codes: readonly string[]): boolean => problems.some((problem) => codes.includes(problem.code))
  if (has(['malformed'])) return 400
  if (has(NOT_FOUND)) return 404
  return has(['store_unavailable']) ? 503 : 422
}

/** A malformed query as the one problem it is. */
export const malformedProblem = ({ message, position }: Malformed): Problem => ({
  code: 'malformed',
  part: 'query',
  position,
  message,
  suggestion: 'Copy the link again from where it was made; a part of it was changed or cut off on the way.',
})

/**
 * Checks what a link orders against the catalogue of the store's seller, with the problems of its shape first.
 * All are reported together. A manager key is checked elsewhere: it never blocks an order.
 */
export function checkLink(link: InspectedLink, snapshot: CatalogSnapshot): CheckedLink {
  const errors: Problem[] = [...link.errors]
  const warnings: Problem[] = [...link.warnings]
  const report = (code: CatalogProblemCode, part: string, message: string, suggestion: string): void =>
    void errors.push({ code, part, position: link.positionOf(part), message, suggestion })

  const { application, topup } = link.draft
  const plan = application?.plan_id ? findPlan(application, snapshot, report) : undefined
  const period = application?.plan_period_id ? findPeriod(application, plan, snapshot, report) : undefined
  const quantities = plan && application ? readQuantities(application, plan, period, report) : {}
  const topupMinor = topup ? checkTopup(plan, topup, snapshot.currency, report) : null
  if (plan?.billingType === 'pay_as_you_go_internal' && !link.draft.skip_all_steps) {
    warnings.push({
      code: 'skip_recommended',
      part: 'skip_all_steps',
      position: link.positionOf('skip_all_steps'),
      message: 'This plan has nothing to configure; the step is shown all the same.',
      suggestion: 'Add skip_all_steps=1.',
    })
  }
  return { plan, period, quantities, topupMinor, errors, warnings }
}

type Report = (code: CatalogProblemCode, part: string, message: string, suggestion: string) => void

function findPlan(
  { part, plan_id, plan_period_id }: ApplicationDraft,
  snapshot: CatalogSnapshot,
  report: Report,
): Plan | undefined {
  const id = canonicalId(plan_id ?? '')
  const plan = snapshot.plans.get(id)
  if (!plan) {
    const meant = snapshot.planOfPeriod.get(canonicalId(plan_period_id ?? ''))
    report(
      'plan_not_found',
      `${part}.plan_id`,
      `This store sells no plan ${shortened(id)}.`,
      meant === undefined
        ? 'Copy the plan’s id from the list of plans of this reseller.'
        : `The period of this link is one of plan ${meant}.`,
    )
  } else if (!isForSale(plan, snapshot)) {
    const successor = successorOf(plan, snapshot)
    report(
      'plan_not_available',
      `${part}.plan_id`,
      `Plan ${plan.name} is not for sale now.`,
      successor
        ? `Use plan ${successor.id}, ${successor.name}, which took its place.`
        : 'Choose another plan of this product.',
    )
  }
  return plan
}

/** Whether a store sells the plan now. */
export const isForSale = (plan: Plan, snapshot: CatalogSnapshot): boolean =>
  plan.status === 'active' && plan.isPublic && snapshot.products.get(plan.productId)?.published === true

/** The first plan for sale among those that took one another's place. */
export function successorOf(plan: Plan, snapshot: CatalogSnapshot): Plan | undefined {
  const seen = new Set([plan.id])
  for (let id = plan.successorId; id !== null && !seen.has(id); ) {
    seen.add(id)
    const next = snapshot.plans.get(id)
    if (!next || isForSale(next, snapshot)) return next
    id = next.successorId
  }
  return undefined
}

function findPeriod(
  { part, plan_period_id }: ApplicationDraft,
  plan: Plan | undefined,
  snapshot: CatalogSnapshot,
  report: Report,
): PlanPeriod | undefined {
  const id = canonicalId(plan_period_id ?? '')
  const path = `${part}.plan_period_id`
  const period = plan?.periods.find((each) => each.id === id)
  const offered = plan?.periods.filter((each) => each.isPublic).map((each) => each.id) ?? []
  const choices =
    offered.length > 0 ? `Use one of: ${offered.join(', ')}.` : 'Copy the period’s id from the list of plans.'
  if (period?.isPublic) return period
  if (period) report('period_not_available', path, `Plan period ${id} is not for sale now.`, choices)
  else if (!snapshot.planOfPeriod.has(id))
    report('period_not_found', path, `There is no plan period ${shortened(id)}.`, choices)
  else if (plan) report('period_not_of_plan', path, `Plan period ${id} does not belong to plan ${plan.name}.`, choices)
  return period
}

function readQuantities(
  application: ApplicationDraft,
  plan: Plan,
  period: PlanPeriod | undefined,
  report: Report,
): Record<string, bigint> {
  const quantities: Record<string, bigint> = {}
  for (const resource of application.resources) {
    if (resource.id === null || resource.quantity === null) continue
    const id = canonicalId(resource.id)
    const quantity = BigInt(resource.quantity)
    const [problem] = checkQuantities(plan, period, { [id]: quantity })
    if (problem?.code === 'resource_not_of_plan') {
      const suggestion = `Leave it out, or use one of: ${resourceIds(plan)}.`
      report(problem.code, `${resource.part}.id`, problem.message, suggestion)
    } else if (problem) {
      const suggestion = 'Write the total, what is included counted in.'
      report(problem.code, `${resource.part}.quantity`, problem.message, suggestion)
    } else if (id in quantities) {
      // The codec tells of the same id written the same way; only here `09001` and `9001` are known to be one.
      if (application.resources.filter((each) => each.id === resource.id).length === 1)
        report(
          'resource_invalid',
          resource.part,
          `Resource ${id} is listed twice.`,
          'List each resource once, with its whole quantity.',
        )
    } else quantities[id] = quantity
  }
  return quantities
}

/** @returns Minor units; null where the amount is missing or wrong. */
function checkTopup(plan: Plan | undefined, topup: TopupDraft, currency: string, report: Report): bigint | null {
  const path = `${topup.part}.amount`
  if (plan && !takesTopup(plan)) {
    report(
      'topup_not_allowed',
      topup.part,
      'Only a prepaid pay-as-you-go plan without resource fees takes a top-up.',
      'Leave the top-up out of this link.',
    )
  }
  if (topup.amount === null) return null
  const minor = parseAmount(topup.amount, currency)
  if (minor === undefined) {
    const digits = minorDigits(currency)
    report(
      'amount_invalid',
      path,
      `An amount in ${currency} has ${digits === 0 ? 'no decimals' : `at most ${digits} decimals`}.`,
      'Shorten the amount.',
    )
    return null
  }
  const least = plan?.minimumTopupMinor ?? null
  if (plan && takesTopup(plan) && least !== null && minor < least) {
    const amount = formatAmount(least, currency)
    report(
      'amount_too_small',
      path,
      `This plan asks for a top-up of at least ${amount} ${currency}.`,
      `Write ${amount} or more.`,
    )
  }
  return minor
}

/** `0425` is plan 425: ids are numbers. */
const canonicalId = (id: string): string => id.replace(/^0+(?=\d)/, '')

/** Digits of a link, which may be thousands. */
const shortened = (id: string): string => (id.length > 24 ? `${id.slice(0, 20)}…` : id)

const resourceIds = (plan: Plan): string =>
  plan.resources
    .filter((resource) => resource.isPublic)
    .map((resource) => resource.id)
    .join(', ') || 'none'

/** What of the buyer changes price and steps. */
export interface Buyer extends Customer {
  readonly country: string | null
  readonly customerType: 'business' | 'person'
  readonly vatId: string
  readonly paymentModel: PaymentModel
}

/** A selection priced today: what the checkout shows, what placing writes. */
export interface PricedSelection {
  readonly product: Product
  readonly plan: Plan
  readonly period: PlanPeriod
  /** Total of every resource of the plan. */
  readonly quantities: ReadonlyMap<string, bigint>
  readonly paymentModel: PaymentModel
  readonly taxRate: AppliedTax | undefined
  readonly quote: Quote
  /** Taken off `quote`, where one is. */
  readonly discount: GrantedDiscount | null
  readonly topupMinor: bigint | null
  /** To be paid before provisioning starts; null: it starts at once. */
  readonly payment: { readonly purpose: 'order' | 'top_up'; readonly totalMinor: bigint } | null
}

/** Why a selection can no longer be ordered: it was right when the checkout was made. */
export interface Unavailable {
  readonly kind: 'unavailable'
  readonly message: string
}

/** The total of each resource of the plan: what was asked for, else the minimum. */
export const quantitiesOf = (plan: Plan, asked: Readonly<Record<string, bigint>>): Map<string, bigint> =>
  new Map(plan.resources.map((resource) => [resource.id, asked[resource.id] ?? resource.minimum]))

/**
 * Prices a selection from a catalogue snapshot (spec/buy-links.md "From the link to the order"): a trial and pay as you
 * go total 0; a top-up makes the order prepaid and is paid instead; a prepaid total is paid before provisioning. Of the
 * seller's discounts and that of a code the highest is taken off.
 *
 * @param named The code that the buyer names, where nothing stands against it.
 */
export function priceSelection(
  snapshot: CatalogSnapshot,
  selection: Selection,
  buyer: Buyer,
  at: Date,
  named: { readonly code: string; readonly discount: Discount } | null = null,
): PricedSelection | Unavailable {
  const plan = snapshot.plans.get(selection.planId)
  const product = plan && snapshot.products.get(plan.productId)
  if (!plan || !product || !isForSale(plan, snapshot)) {
    return { kind: 'unavailable', message: 'This plan is no longer sold.' }
  }
  const period = plan.periods.find((each) => each.id === selection.planPeriodId)
  if (!period?.isPublic) return { kind: 'unavailable', message: 'This plan period is no longer sold.' }
  const [problem] = checkQuantities(plan, period, selection.quantities)
  if (problem) return { kind: 'unavailable', message: problem.message }
  if (selection.topupMinor !== null && !takesTopup(plan)) {
    return { kind: 'unavailable', message: 'This plan no longer takes a top-up.' }
  }
  const quantities = quantitiesOf(plan, selection.quantities)
  const taxRate = taxRateFor(snapshot.taxRates, buyer)
  const basisPoints = taxRate?.basisPoints ?? 0
  const ordered = { productId: product.id, planId: plan.id, planPeriodId: period.id }
  const { discount, ...quote } = withHighest(
    priceOrder(plan, period, quantities, snapshot.currency, basisPoints),
    candidatesFor(snapshot.discounts, named, ordered, buyer, at),
    renewalLines(plan, period, quantities, basisPoints),
    period.id,
  )
  const topupMinor = selection.topupMinor
  const paymentModel = paymentModelOf(plan, buyer, topupMinor !== null)
  const payment =
    topupMinor !== null
      ? ({ purpose: 'top_up', totalMinor: topupMinor } as const)
      : quote.totalMinor > 0n && paymentModel === 'prepay'
        ? ({ purpose: 'order', totalMinor: quote.totalMinor } as const)
        : null
  return { product, plan, period, quantities, paymentModel, taxRate, quote, discount, topupMinor, payment }
}

/** The account class's model where the plan has it; a top-up makes the order prepaid. */
const paymentModelOf = (plan: Plan, buyer: Buyer, hasTopup: boolean): PaymentModel =>
  hasTopup
    ? 'prepay'
    : plan.paymentModels.includes(buyer.paymentModel)
      ? buyer.paymentModel
      : (plan.paymentModels[0] ?? 'prepay')

export type CheckoutStep = 'configure' | 'confirm' | 'pay'

/**
 * The steps a customer sees. Configuration is skipped by `skip_all_steps=1`, or where there is nothing to choose; never
 * while an attribute the plan asks for is missing.
 */
export function stepsOf({ plan, period, payment }: PricedSelection, selection: Selection): CheckoutStep[] {
  const isUnanswered = plan.orderAttributes.some(
    (attribute) => attribute.required && !selection.attributes[attribute.key]?.trim(),
  )
  const hasChoice =
    plan.periods.filter((each) => each.isPublic).length > 1 ||
    (!period.trial && plan.resources.some((resource) => isOrderable(plan, resource))) ||
    plan.orderAttributes.length > 0
  const configures = isUnanswered || (hasChoice && !selection.skipAllSteps)
  return [...(configures ? (['configure'] as const) : []), 'confirm', ...(payment ? (['pay'] as const) : [])]
}
