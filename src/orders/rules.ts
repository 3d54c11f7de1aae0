import type { Buyer } from '../buylinks/rules.ts'
import {
  chargeable,
  chargedMonths,
  checkQuantities,
  isPayAsYouGo,
  monthlyOf,
  priceOrder,
  type QuoteLine,
  taxOn,
  taxRateFor,
} from '../catalog/rules.ts'
import type { CatalogSnapshot, Plan, PlanPeriod, Product, TaxRate } from '../catalog/schema.ts'
import { divideHalfUp } from '../kernel/decimal.ts'
import type { Problem } from '../kernel/errors.ts'
import { DAY_MS } from '../kernel/time.ts'
import type { Subscription, SubscriptionResource, SubscriptionStatus } from '../subscriptions/schema.ts'

/** A period that runs: paid for from the first instant up to the second. */
export interface Term {
  readonly startsAt: Date
  readonly endsAt: Date
}

/** Days since 1970 of the UTC day that an instant is in. */
const dayOf = (at: Date): number => Math.floor(at.getTime() / DAY_MS)

/**
 * The share of a period that is left: whole UTC days, today counted, over the days of the period (spec/commerce.md
 * "Money"). At least a day, at most all of them.
 */
export function daysLeft({ startsAt, endsAt }: Term, at: Date): { readonly left: bigint; readonly of: bigint } {
  const of = Math.max(1, dayOf(endsAt) - dayOf(startsAt))
  const left = Math.min(of, Math.max(1, dayOf(endsAt) - dayOf(at)))
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

/** Amounts of a line: rounded half up, its tax by itself. */
function lineOf(line: Omit<QuoteLine, 'netMinor' | 'taxMinor'>, basisPoints: number): QuoteLine {
  const netMinor = divideHalfUp(line.unitMinor * line.quantity * line.months.numerator, line.months.denominator)
  return { ...line, netMinor, taxMinor: taxOn(netMinor, basisPoints) }
}

function totalsOf(lines: readonly QuoteLine[]) {
  const netMinor = lines.reduce((sum, line) => sum + line.netMinor, 0n)
  const taxMinor = lines.reduce((sum, line) => sum + line.taxMinor, 0n)
  return { netMinor, taxMinor, totalMinor: netMinor + taxMinor }
}

/** A running subscription as a change starts from it. */
export interface Running {
  readonly subscription: Subscription
  readonly resources: readonly SubscriptionResource[]
}

/** Other quantities of a subscription, priced today: what the preview shows, what placing writes. */
export interface PricedChange {
  readonly product: Product
  readonly plan: Plan
  readonly period: PlanPeriod
  readonly term: Term
  /** All that the subscription is to have. */
  readonly resources: readonly SubscriptionResource[]
  readonly before: ReadonlyMap<string, bigint>
  readonly taxRate: TaxRate | undefined
  readonly quote: ChangeQuote
  /** To be paid before it is done; null: it is done at once. */
  readonly payment: { readonly purpose: 'order'; readonly totalMinor: bigint } | null
}

/** Why a subscription cannot be changed so, in the customer's words. */
export interface RefusedChange {
  readonly kind: 'refused'
  readonly code: 'conflict' | 'gone' | 'unprocessable' | 'quantity_out_of_range'
  readonly message: string
  readonly problems?: readonly Problem[]
}

const refuse = (code: RefusedChange['code'], message: string): RefusedChange => ({ kind: 'refused', code, message })

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
  buyer: Pick<Buyer, 'country' | 'customerType'>,
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
  const problems = checkQuantities(plan, period, asked).map(({ resourceId, code, message }) => ({
    path: `resources.${resourceId}`,
    code,
    message,
  }))
  if (problems.length > 0) return { ...refuse('quantity_out_of_range', 'Some of this cannot be ordered.'), problems }
  const before = new Map(resources.map(({ id, quantity }) => [id, quantity]))
  const after = new Map([...before, ...Object.entries(asked)])
  if ([...after].every(([id, quantity]) => quantity === before.get(id)))
    return refuse('unprocessable', 'The subscription has exactly this already.')
  const term = { startsAt: subscription.periodStartsAt ?? at, endsAt: subscription.periodEndsAt ?? at }
  const taxRate = taxRateFor(snapshot.taxRates, buyer)
  const { currency } = subscription
  const quote = priceChange({ plan, period, term, before, after, currency, basisPoints: taxRate?.basisPoints ?? 0, at })
  return {
    product,
    plan,
    period,
    term,
    resources: resourcesAfter(plan, resources, after),
    before,
    taxRate,
    quote,
    payment:
      quote.totalMinor > 0n && subscription.paymentModel === 'prepay'
        ? { purpose: 'order', totalMinor: quote.totalMinor }
        : null,
  }
}

/** What it has keeps the terms it was ordered on; what the plan got since comes with the plan's. */
function resourcesAfter(
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

const UNDER_WAY: Partial<Record<SubscriptionStatus, string>> = {
  ordered: 'This subscription is not paid yet; it can be changed once it runs.',
  installing: 'This subscription is being set up right now; it can be changed once it runs.',
  activating: 'This subscription is being started right now; it can be changed once it runs.',
  updating: 'This subscription is being changed right now. Try again when that is done.',
  renewing: 'This subscription is being renewed right now. Try again when that is done.',
  graced: 'The period of this subscription has ended. Renew it first.',
  stopping: 'This subscription is being stopped right now.',
  stopped: 'This subscription is stopped. Start it again first.',
  deleting: 'This subscription is being deleted.',
  deleted: 'This subscription is deleted.',
  cancelled: 'The order of this subscription was cancelled.',
}

/** Why this subscription takes no change now; undefined where it does. */
export function hindranceOf(
  { status, trial, periodEndsAt }: Pick<Subscription, 'status' | 'trial' | 'periodEndsAt'>,
  at: Date,
): string | undefined {
  if (status !== 'active')
    return UNDER_WAY[status] ?? 'Something about this subscription failed. Your provider sees it and can try again.'
  if (trial) return 'A trial keeps what it came with. Order a paid period first.'
  if (periodEndsAt !== null && periodEndsAt <= at) return 'The period of this subscription has ended. Renew it first.'
  return undefined
}

/** What a tenant is allowed and uses of one usage, as `quotas` tells it. */
interface UsedQuota {
  readonly usageName: string
  readonly value: bigint | null
  readonly used: bigint | null
}

export interface TooMuchUsed {
  readonly usageName: string
  readonly used: bigint
  /** The quota as it would be. */
  readonly value: bigint
}

/** Usages that would be above their quota once a subscription grants less; what grants as much or more is no matter. */
export function usedAbove(
  before: readonly SubscriptionResource[],
  after: readonly SubscriptionResource[],
  quotas: readonly UsedQuota[],
): TooMuchUsed[] {
  const [old, next] = [grantsOf(before), grantsOf(after)]
  return quotas.flatMap(({ usageName, value: today, used }) => {
    const lost = (old.get(usageName) ?? 0n) - (next.get(usageName) ?? 0n)
    if (lost <= 0n || today === null || used === null || used <= today - lost) return []
    return [{ usageName, used, value: today - lost }]
  })
}

function grantsOf(resources: readonly SubscriptionResource[]): Map<string, bigint> {
  const grants = new Map<string, bigint>()
  for (const { usageName, quotaPerUnit, quantity } of resources)
    if (usageName !== null && quotaPerUnit !== null)
      grants.set(usageName, (grants.get(usageName) ?? 0n) + quantity * quotaPerUnit)
  return grants
}
