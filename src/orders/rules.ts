import type { Buyer } from '../buylinks/rules.ts'
import {
  chargeable,
  chargedMonths,
  checkQuantities,
  isPayAsYouGo,
  lineOf,
  monthlyOf,
  priceOrder,
  type QuantityProblem,
  type QuoteLine,
  taxRateFor,
} from '../catalog/rules.ts'
import type { AppliedTax, CatalogSnapshot, Plan, PlanPeriod, Product } from '../catalog/schema.ts'
import { divideHalfUp } from '../kernel/decimal.ts'
import { recurringOff } from '../discounts/rules.ts'
import type { GrantedDiscount } from '../discounts/schema.ts'
import type { Problem } from '../kernel/errors.ts'
import { DAY_MS } from '../kernel/time.ts'
import { hindranceOf } from '../subscriptions/rules.ts'
import type { Subscription, SubscriptionResource } from '../subscriptions/schema.ts'
import type { AnnouncedPrice } from './schema.ts'

/** A period that runs: paid for from the first instant up to the second. */
export interface Term {
  readonly startsAt: Date
  readonly endsAt: Date
}

/** Days since 1970 of the UTC day that an instant is in. */
const dayOf = (at: Date): number => Math.floor(at.getTime() / DAY_MS)

/**
 * The share of a period that is left: whole UTC days, today counted, over the days of the period (spec/commerce.md
 * "Money"). At least a day. Renewed early, the days before the period begins are left too: more than all of it.
 */
export function daysLeft({ startsAt, endsAt }: Term, at: Date): { readonly left: bigint; readonly of: bigint } {
  const of = Math.max(1, dayOf(endsAt) - dayOf(startsAt))
  const left = Math.max(1, dayOf(endsAt) - dayOf(at))
  return { left: BigInt(left), of: BigInt(of) }
}

/** What a change costs today and from the next renewal on. Amounts are minor units; lines sum to the totals. */
export interface ChangeQuote {
  readonly currency: string
  readonly lines: readonly QuoteLine[]
  readonly netMinor: bigint
  readonly taxMinor: bigint
  readonly totalMinor: bigint
  /** Net a month after it. */
  readonly recurringMinor: bigint
  /** Net and tax of the whole next period after it. */
  readonly renewalMinor: bigint
}

export interface Change {
  readonly plan: Plan
  readonly period: PlanPeriod
  readonly term: Term
  /** Total of every resource, as it is. */
  readonly before: ReadonlyMap<string, bigint>
  /** Total of every resource, as it is to be. */
  readonly after: ReadonlyMap<string, bigint>
  readonly currency: string
  readonly basisPoints: number
  readonly at: Date
}

/**
 * Prices other quantities of a running subscription at the plan's fees of today: what is added is charged for the rest
 * of the period, its setup once. What is given up is not refunded; it costs nothing more from the next renewal on
 * (docs/adr/0008-changes.md).
 */
export function priceChange({ plan, period, term, before, after, currency, basisPoints, at }: Change): ChangeQuote {
  const whole = chargedMonths(period.duration)
  const { left, of } = daysLeft(term, at)
  const months = { numerator: whole.numerator * left, denominator: whole.denominator * of }
  const once = { numerator: 1n, denominator: 1n }
  const lines = plan.resources.flatMap((resource) => {
    const units = (quantities: ReadonlyMap<string, bigint>): bigint =>
      chargeable(resource, quantities.get(resource.id) ?? resource.minimum)
    const quantity = units(after) - units(before)
    if (quantity <= 0n) return []
    const common = { itemId: resource.id, description: resource.name, quantity }
    return [
      lineOf({ kind: 'resource_setup', ...common, months: once, unitMinor: resource.setupFeeMinor }, basisPoints),
      lineOf({ kind: 'resource_recurring', ...common, months, unitMinor: resource.recurringFeeMinor }, basisPoints),
    ].filter((line) => line.netMinor !== 0n)
  })
  const { renewalMinor } = priceOrder(plan, period, after, currency, basisPoints)
  return {
    currency,
    lines,
    ...totalsOf(lines),
    recurringMinor: monthlyOf(plan, period, after),
    renewalMinor: renewalMinor ?? 0n,
  }
}

export function totalsOf(lines: readonly Pick<QuoteLine, 'netMinor' | 'taxMinor'>[]) {
  const netMinor = lines.reduce((sum, line) => sum + line.netMinor, 0n)
  const taxMinor = lines.reduce((sum, line) => sum + line.taxMinor, 0n)
  return { netMinor, taxMinor, totalMinor: netMinor + taxMinor }
}

/**
 * What of a change's recurring lines is for days that have passed since: the difference to the same lines priced for the
 * days that are left now.
 *
 * @param whole Months that the whole period is charged as.
 */
export function missedOf(
  lines: readonly Pick<QuoteLine, 'kind' | 'quantity' | 'unitMinor' | 'netMinor' | 'taxMinor'>[],
  whole: QuoteLine['months'],
  { left, of }: ReturnType<typeof daysLeft>,
  basisPoints: number,
): Tariff {
  const months = { numerator: whole.numerator * left, denominator: whole.denominator * of }
  const recurring = lines.filter(({ kind }) => kind === 'resource_recurring')
  const now = totalsOf(recurring.map((line) => lineOf({ ...line, itemId: '', description: '', months }, basisPoints)))
  const before = totalsOf(recurring)
  return { netMinor: before.netMinor - now.netMinor, taxMinor: before.taxMinor - now.taxMinor }
}

/** A running subscription as a change starts from it. */
export interface Running {
  readonly subscription: Subscription
  readonly resources: readonly SubscriptionResource[]
  /** Prices that were announced to those who have its plan. */
  readonly announced?: readonly AnnouncedPrice[]
}

/** Other quantities of a subscription, priced today: what the preview shows, what placing writes. */
export interface PricedChange {
  readonly product: Product
  readonly plan: Plan
  readonly period: PlanPeriod
  /** The period that is paid for: of a change the running one, else the new one. */
  readonly term: Term
  /** All that the subscription is to have. */
  readonly resources: readonly SubscriptionResource[]
  readonly before: ReadonlyMap<string, bigint>
  readonly taxRate: AppliedTax | undefined
  readonly quote: ChangeQuote
  /** To be paid before it is done; null: it is done at once. */
  readonly payment: { readonly purpose: 'order'; readonly totalMinor: bigint } | null
  /** Of a switch: what of the old plan's unused days is more than the new one costs; it becomes balance. */
  readonly surplus: Tariff
  /** Taken off `quote`, where one is. */
  readonly discount: GrantedDiscount | null
  /** Of a switch: the plan that is left, and what of its running period is unused, in months. */
  readonly left?: { readonly plan: Plan; readonly months: QuoteLine['months'] }
}

/** An amount with its tax, in minor units. */
export interface Tariff {
  readonly netMinor: bigint
  readonly taxMinor: bigint
}

export const NOTHING: Tariff = { netMinor: 0n, taxMinor: 0n }

/** Why a subscription cannot be changed so, in the customer's words. */
export interface RefusedChange {
  readonly kind: 'refused'
  readonly code: 'conflict' | 'gone' | 'unprocessable' | 'quantity_out_of_range'
  readonly message: string
  readonly problems?: readonly Problem[]
}

export const refuse = (code: RefusedChange['code'], message: string): RefusedChange => ({
  kind: 'refused',
  code,
  message,
})

export const toProblem = ({ resourceId, code, message }: QuantityProblem): Problem => ({
  path: `resources.${resourceId}`,
  code,
  message,
})

/**
 * Judges and prices other quantities of a running subscription. Nothing is changed while something is under way
 * (spec/commerce.md "Subscriptions"), in a trial, and of pay as you go, whose quotas are fixed at ordering.
 *
 * @param asked Totals by resource id; what is not named stays.
 */
export function judgeChange(
  snapshot: CatalogSnapshot,
  { subscription, resources }: Running,
  asked: Readonly<Record<string, bigint>>,
  buyer: Pick<Buyer, 'country' | 'customerType' | 'vatId'>,
  at: Date,
): PricedChange | RefusedChange {
  const plan = snapshot.plans.get(subscription.planId)
  const product = plan && snapshot.products.get(plan.productId)
  const period = plan?.periods.find((each) => each.id === subscription.planPeriodId)
  if (!plan || !product || !period) return refuse('gone', 'This plan is no longer sold, so nothing can be added to it.')
  const hindrance = hindranceOf(subscription, at)
  if (hindrance) return refuse('conflict', hindrance)
  if (isPayAsYouGo(plan))
    return refuse('unprocessable', 'The quotas of a pay-as-you-go plan are fixed when it is ordered.')
  const problems = checkQuantities(plan, period, asked).map(toProblem)
  if (problems.length > 0) return { ...refuse('quantity_out_of_range', 'Some of this cannot be ordered.'), problems }
  const before = quantitiesIn(resources)
  const after = new Map([...before, ...Object.entries(asked)])
  const term = { startsAt: subscription.periodStartsAt ?? at, endsAt: subscription.periodEndsAt ?? at }
  const taxRate = taxRateFor(snapshot.taxRates, buyer)
  const { currency } = subscription
  const quote = priceChange({ plan, period, term, before, after, currency, basisPoints: taxRate?.basisPoints ?? 0, at })
  const payment = paymentOf(subscription, quote)
  const changed = resourcesAfter(plan, resources, after)
  // What is added is charged for the rest of a period that was agreed on; its discount covers it from the next one on.
  const rest = { surplus: NOTHING, discount: null }
  return { product, plan, period, term, resources: changed, before, taxRate, quote, payment, ...rest }
}

export const quantitiesIn = (resources: readonly SubscriptionResource[]): Map<string, bigint> =>
  new Map(resources.map(({ id, quantity }) => [id, quantity]))

export const paymentOf = ({ paymentModel }: Subscription, { totalMinor }: ChangeQuote): PricedChange['payment'] =>
  totalMinor > 0n && paymentModel === 'prepay' ? { purpose: 'order', totalMinor } : null

/** What the unused days were paid with: the price that was agreed on, less the discount of the period that runs. */
export function unusedLine(
  { recurringMinor, discount }: Pick<Subscription, 'recurringMinor' | 'discount'>,
  whole: QuoteLine['months'],
  left: bigint,
  of: bigint,
): Pick<QuoteLine, 'months' | 'unitMinor'> {
  const offMinor = recurringOff(discount)
  if (offMinor === 0n)
    return {
      months: { numerator: whole.numerator * left, denominator: whole.denominator * of },
      unitMinor: -recurringMinor,
    }
  const paidMinor = divideHalfUp(recurringMinor * whole.numerator, whole.denominator) - offMinor
  return { months: { numerator: left, denominator: of }, unitMinor: paidMinor > 0n ? -paidMinor : 0n }
}

/** What it has keeps the terms it was ordered on; what the plan got since comes with the plan's. */
export function resourcesAfter(
  plan: Plan,
  resources: readonly SubscriptionResource[],
  after: ReadonlyMap<string, bigint>,
): SubscriptionResource[] {
  const known = new Set(resources.map(({ id }) => id))
  const added = plan.resources
    .filter(({ id }) => !known.has(id) && after.has(id))
    .map(({ id, name, unit, included, quota }) => ({
      id,
      name,
      unit,
      included,
      quantity: 0n,
      usageName: quota?.usageName ?? null,
      quotaPerUnit: quota?.perUnit ?? null,
    }))
  return [...resources, ...added].map((each) => ({ ...each, quantity: after.get(each.id) ?? each.quantity }))
}

/**
 * What is missing to what an account must have: up to zero, or to the threshold of its class where that is above. Below
 * zero is time alone, so it is no way out of a hold. Minor units.
 */
export function debtOf(availableMinor: bigint, holdThresholdMinor: bigint): bigint {
  const neededMinor = holdThresholdMinor > 0n ? holdThresholdMinor : 0n
  return availableMinor < neededMinor ? neededMinor - availableMinor : 0n
}
