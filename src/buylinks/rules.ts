import {
  checkQuantities,
  hasResourceFees,
  isOrderable,
  isPayAsYouGo,
  priceOrder,
  type Quote,
  taxRateFor,
} from '../catalog/rules.ts'
import type { CatalogSnapshot, PaymentModel, Plan, PlanPeriod, Product, TaxRate } from '../catalog/schema.ts'
import { formatAmount, minorDigits, parseAmount } from '../kernel/money.ts'
import type { InspectedLink, LinkProblem, Malformed } from '../link/index.ts'
import type { Selection } from './schema.ts'

/** Problems that only the catalogue can tell (spec/buy-links.md "Codes"). */
export type CatalogProblemCode =
  | 'plan_not_found'
  | 'plan_not_available'
  | 'period_not_found'
  | 'period_not_of_plan'
  | 'period_not_available'
  | 'resource_not_of_plan'
  | 'quantity_out_of_range'
  | 'topup_not_allowed'
  | 'amount_invalid'
  | 'amount_too_small'
  | 'manager_key_unmatched'
  | 'skip_recommended'

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
  const plan = application?.plan_id
    ? findPlan(application.plan_id, snapshot, `${application.part}.plan_id`, report)
    : undefined
  const period =
    application?.plan_period_id && (plan || !application.plan_id)
      ? findPeriod(application.plan_period_id, plan, snapshot, `${application.part}.plan_period_id`, report)
      : undefined
  const quantities: Record<string, bigint> = {}
  if (plan && application) {
    for (const resource of application.resources) {
      if (resource.id === null || resource.quantity === null) continue
      const quantity = BigInt(resource.quantity)
      const [problem] = checkQuantities(plan, period, { [resource.id]: quantity })
      if (!problem) quantities[resource.id] = quantity
      else if (problem.code === 'resource_not_of_plan') {
        report(
          problem.code,
          `${resource.part}.id`,
          problem.message,
          `Leave it out, or use one of: ${resourceIds(plan)}.`,
        )
      } else
        report(
          problem.code,
          `${resource.part}.quantity`,
          problem.message,
          'Write the total, what is included counted in.',
        )
    }
  }
  const topupMinor = topup && plan ? checkTopup(plan, topup.amount, snapshot.currency, topup.part, report) : null
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

function findPlan(id: string, snapshot: CatalogSnapshot, part: string, report: Report): Plan | undefined {
  const plan = snapshot.plans.get(canonicalId(id))
  if (!plan) {
    report(
      'plan_not_found',
      part,
      `This store sells no plan ${id}.`,
      'Copy the plan’s id from the list of plans of this reseller.',
    )
    return undefined
  }
  if (plan.status !== 'active' || !plan.isPublic || !snapshot.products.get(plan.productId)?.published) {
    const successor = plan.successorId === null ? undefined : snapshot.plans.get(plan.successorId)
    report(
      'plan_not_available',
      part,
      `Plan ${plan.name} is not for sale now.`,
      successor
        ? `Use plan ${successor.id}, ${successor.name}, which took its place.`
        : 'Choose another plan of this product.',
    )
  }
  return plan
}

function findPeriod(
  id: string,
  plan: Plan | undefined,
  snapshot: CatalogSnapshot,
  part: string,
  report: Report,
): PlanPeriod | undefined {
  const key = canonicalId(id)
  const period = plan?.periods.find((each) => each.id === key)
  const choices = plan
    ? `Use one of: ${plan.periods
        .filter((each) => each.isPublic)
        .map((each) => each.id)
        .join(', ')}.`
    : ''
  if (period) {
    if (!period.isPublic) report('period_not_available', part, `Plan period ${id} is not for sale now.`, choices)
    return period
  }
  if (!snapshot.planOfPeriod.has(key)) report('period_not_found', part, `There is no plan period ${id}.`, choices)
  else if (plan) report('period_not_of_plan', part, `Plan period ${id} does not belong to plan ${plan.name}.`, choices)
  return undefined
}

function checkTopup(plan: Plan, amount: string | null, currency: string, part: string, report: Report): bigint | null {
  const allowed = isPayAsYouGo(plan) && !hasResourceFees(plan) && plan.paymentModels.includes('prepay')
  if (!allowed) {
    report(
      'topup_not_allowed',
      part,
      'Only a prepaid pay-as-you-go plan without resource fees takes a top-up.',
      'Leave the top-up out of this link.',
    )
    return null
  }
  if (amount === null) return null
  const minor = parseAmount(amount, currency)
  if (minor === undefined) {
    report(
      'amount_invalid',
      `${part}.amount`,
      `An amount in ${currency} has at most ${minorDigits(currency)} decimals.`,
      'Shorten the amount.',
    )
    return null
  }
  if (plan.minimumTopupMinor !== null && minor < plan.minimumTopupMinor) {
    const least = `${formatAmount(plan.minimumTopupMinor, currency)} ${currency}`
    report(
      'amount_too_small',
      `${part}.amount`,
      `This plan asks for a top-up of at least ${least}.`,
      `Write ${formatAmount(plan.minimumTopupMinor, currency)} or more.`,
    )
  }
  return minor
}

/** `0425` is plan 425: ids are numbers. */
const canonicalId = (id: string): string => id.replace(/^0+(?=\d)/, '')

const resourceIds = (plan: Plan): string =>
  plan.resources
    .filter((resource) => resource.isPublic)
    .map((resource) => resource.id)
    .join(', ') || 'none'

/** What of the buyer changes price and steps. */
export interface Buyer {
  readonly country: string | null
  readonly customerType: 'business' | 'person'
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
  readonly taxRate: TaxRate | undefined
  readonly quote: Quote
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
 * go total 0; a top-up makes the order prepaid and is paid instead; a prepaid total is paid before provisioning.
 */
export function priceSelection(
  snapshot: CatalogSnapshot,
  selection: Selection,
  buyer: Buyer,
): PricedSelection | Unavailable {
  const plan = snapshot.plans.get(selection.planId)
  const product = plan && snapshot.products.get(plan.productId)
  if (!plan || !product || plan.status !== 'active' || !plan.isPublic) {
    return { kind: 'unavailable', message: 'This plan is no longer sold.' }
  }
  const period = plan.periods.find((each) => each.id === selection.planPeriodId)
  if (!period?.isPublic) return { kind: 'unavailable', message: 'This plan period is no longer sold.' }
  const quantities = quantitiesOf(plan, selection.quantities)
  const taxRate = taxRateFor(snapshot.taxRates, buyer)
  const quote = priceOrder(plan, period, quantities, snapshot.currency, taxRate?.basisPoints ?? 0)
  const topupMinor = selection.topupMinor
  const paymentModel = paymentModelOf(plan, buyer, topupMinor !== null)
  const payment =
    topupMinor !== null
      ? ({ purpose: 'top_up', totalMinor: topupMinor } as const)
      : quote.totalMinor > 0n && paymentModel === 'prepay'
        ? ({ purpose: 'order', totalMinor: quote.totalMinor } as const)
        : null
  return { product, plan, period, quantities, paymentModel, taxRate, quote, topupMinor, payment }
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
export function stepsOf(priced: PricedSelection, selection: Selection): CheckoutStep[] {
  const { plan } = priced
  const open = plan.orderAttributes.some(
    (attribute) => attribute.required && !selection.attributes[attribute.key]?.trim(),
  )
  const choices =
    plan.periods.filter((period) => period.isPublic).length > 1 ||
    plan.resources.some((resource) => isOrderable(plan, resource)) ||
    plan.orderAttributes.length > 0
  const configures = open || (choices && !selection.skipAllSteps && !isFixed(priced))
  return [...(configures ? (['configure'] as const) : []), 'confirm', ...(priced.payment ? (['pay'] as const) : [])]
}

/** Pay as you go with one period: nothing to choose, quotas are fixed at ordering. */
const isFixed = ({ plan }: PricedSelection): boolean =>
  isPayAsYouGo(plan) && plan.periods.length === 1 && plan.orderAttributes.length === 0
