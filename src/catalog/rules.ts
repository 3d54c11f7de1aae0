import { divideHalfUp, type Decimal } from '../kernel/decimal.ts'
import { addDays, addMonths } from '../kernel/time.ts'
import { isVatId } from '../kernel/vat-id.ts'
import type { AppliedTax, CatalogSnapshot, Duration, Plan, PlanPeriod, PlanResource, TaxRate } from './schema.ts'

/** Months a period is charged for, as a fraction: endless = 1, days = days / 30 (spec/buy-links.md "Storefront links"). */
export function chargedMonths(duration: Duration | null): { readonly numerator: bigint; readonly denominator: bigint } {
  if (duration === null) return { numerator: 1n, denominator: 1n }
  if (duration.unit === 'days') return { numerator: BigInt(duration.value), denominator: 30n }
  return { numerator: BigInt(duration.value) * (duration.unit === 'years' ? 12n : 1n), denominator: 1n }
}

/** When a period that starts at `from` ends; null: endless. */
export function periodEnd(from: Date, duration: Duration | null): Date | null {
  if (duration === null) return null
  if (duration.unit === 'days') return addDays(from, duration.value)
  return addMonths(from, duration.value * (duration.unit === 'years' ? 12 : 1))
}

const forMonths = (feeMinor: bigint, duration: Duration | null): bigint => {
  const { numerator, denominator } = chargedMonths(duration)
  return divideHalfUp(feeMinor * numerator, denominator)
}

export const isPayAsYouGo = (plan: Pick<Plan, 'billingType'>): boolean => plan.billingType !== 'pay_in_full'

/** Any fee on a resource but a unit price: such a plan takes no top-up (spec/buy-links.md "Codes"). */
export const hasResourceFees = (plan: Plan): boolean =>
  plan.resources.some(
    (resource) =>
      resource.setupFeeMinor + resource.recurringFeeMinor + resource.renewalFeeMinor + resource.overuseFeeMinor > 0n,
  )

/** Only a prepaid order of pay as you go without resource fees takes a top-up (seed "topup_amount"). */
export const takesTopup = (plan: Plan): boolean =>
  isPayAsYouGo(plan) && !hasResourceFees(plan) && plan.paymentModels.includes('prepay')

/** A technical bound on what is unlimited: beyond it fees and quotas (bytes of storage) leave 64 bits. */
export const MOST_UNITS = 10_000_000n

/** The most of a resource that can be ordered; null: unlimited. Of something that is there or not: one. */
export const limitOf = ({ kind, limit }: PlanResource): bigint | null =>
  kind === 'boolean' && (limit === null || limit > 1n) ? 1n : limit

/** A resource whose quantity a customer can choose. Quotas of pay as you go are fixed at ordering. */
export const isOrderable = (plan: Plan, resource: PlanResource): boolean =>
  !isPayAsYouGo(plan) && resource.isPublic && limitOf(resource) !== resource.minimum

/** Units of a resource that cost: what exceeds the included ones. */
export const chargeable = (resource: PlanResource, quantity: bigint): bigint =>
  quantity > resource.included ? quantity - resource.included : 0n

export interface QuoteLine {
  readonly kind:
    | 'period_setup'
    | 'period_recurring'
    | 'period_renewal'
    | 'period_credit'
    | 'period_kept'
    | 'resource_setup'
    | 'resource_recurring'
    | 'resource_renewal'
    | 'discount'
  /** Plan period or plan resource. */
  readonly itemId: string
  readonly description: string
  /** Units charged for: what exceeds the included quantity. */
  readonly quantity: bigint
  /** Months charged for, as an exact fraction; 1 for one-time fees. */
  readonly months: { readonly numerator: bigint; readonly denominator: bigint }
  readonly unitMinor: bigint
  readonly netMinor: bigint
  readonly taxMinor: bigint
}

export interface Quote {
  readonly currency: string
  readonly lines: readonly QuoteLine[]
  readonly netMinor: bigint
  readonly taxMinor: bigint
  readonly totalMinor: bigint
  /** Net a month once the setup is paid; null where nothing recurs (pay as you go, trial). */
  readonly recurringMinor: bigint | null
  /** Net and tax of a whole next period; null where nothing renews at a known price. */
  readonly renewalMinor: bigint | null
}

/** What of a customer decides the tax. */
export interface Taxed {
  readonly country: string | null
  readonly customerType: 'business' | 'person'
  readonly vatId: string
}

/** What takes the place of a tax that the customer accounts for. */
const REVERSED = 'Reverse charge'

/**
 * The rate for a customer: country before `*`, customer type before `*`; none listed: 0. Where the rate says so, a
 * business with a VAT id of its country's form is charged nothing: it accounts for the tax itself (reverse charge).
 */
export function taxRateFor(rates: readonly TaxRate[], customer: Taxed): AppliedTax | undefined {
  const score = (rate: TaxRate): number =>
    (rate.country === customer.country ? 2 : 0) + (rate.customerType === customer.customerType ? 1 : 0)
  const rate = rates
    .filter((each) => each.country === '*' || each.country === customer.country)
    .filter((each) => each.customerType === '*' || each.customerType === customer.customerType)
    .sort((a, b) => score(b) - score(a))[0]
  const isReversed =
    rate?.reverseCharge === true && customer.customerType === 'business' && isVatId(customer.country, customer.vatId)
  return rate && { ...rate, isReversed, ...(isReversed && { name: REVERSED, basisPoints: 0 }) }
}

/** Tax on one line, rounded half up. */
export const taxOn = (netMinor: bigint, basisPoints: number): bigint =>
  divideHalfUp(netMinor * BigInt(basisPoints), 10_000n)

const ONCE = { numerator: 1n, denominator: 1n }

/** Amounts of a line: rounded half up, its tax by itself. */
export function lineOf(line: Omit<QuoteLine, 'netMinor' | 'taxMinor'>, basisPoints: number): QuoteLine {
  const netMinor = divideHalfUp(line.unitMinor * line.quantity * line.months.numerator, line.months.denominator)
  return { ...line, netMinor, taxMinor: taxOn(netMinor, basisPoints) }
}

/**
 * Prices a new subscription: what `explain`, the checkout and the order all say, equal to the cent.
 * A trial costs nothing; pay as you go is charged for what is used, so its order is 0 too (spec/commerce.md "Orders").
 *
 * @param quantities Total of each resource by id; absent ones take their minimum.
 * @param basisPoints Tax rate of the customer; each line's tax is rounded half up, totals are exact sums of lines.
 */
export function priceOrder(
  plan: Plan,
  period: PlanPeriod,
  quantities: ReadonlyMap<string, bigint>,
  currency: string,
  basisPoints: number,
): Quote {
  const lines: QuoteLine[] = []
  const add = (line: Omit<QuoteLine, 'netMinor' | 'taxMinor'>): void => {
    const priced = lineOf(line, basisPoints)
    if (priced.netMinor !== 0n || line.kind === 'period_recurring') lines.push(priced)
  }
  const renews = !period.trial && !isPayAsYouGo(plan)
  if (renews) {
    const months = chargedMonths(period.duration)
    add({
      kind: 'period_setup',
      itemId: period.id,
      description: plan.name,
      quantity: 1n,
      months: ONCE,
      unitMinor: period.setupFeeMinor,
    })
    add({
      kind: 'period_recurring',
      itemId: period.id,
      description: plan.name,
      quantity: 1n,
      months,
      unitMinor: period.recurringFeeMinor,
    })
    for (const resource of plan.resources) {
      const quantity = chargeable(resource, quantities.get(resource.id) ?? resource.minimum)
      const common = { itemId: resource.id, description: resource.name, quantity }
      add({ kind: 'resource_setup', ...common, months: ONCE, unitMinor: resource.setupFeeMinor })
      add({ kind: 'resource_recurring', ...common, months, unitMinor: resource.recurringFeeMinor })
    }
  }
  const sum = (pick: (line: QuoteLine) => bigint): bigint => lines.reduce((total, line) => total + pick(line), 0n)
  const netMinor = sum((line) => line.netMinor)
  const taxMinor = sum((line) => line.taxMinor)
  return {
    currency,
    lines,
    netMinor,
    taxMinor,
    totalMinor: netMinor + taxMinor,
    recurringMinor: renews ? monthlyOf(plan, period, quantities) : null,
    renewalMinor: renews ? totalOf(renewalLines(plan, period, quantities, basisPoints)) : null,
  }
}

/** Net a month. From the fees, not from the lines: a line that a short period rounds to nothing still recurs. */
export const monthlyOf = (plan: Plan, period: PlanPeriod, quantities: ReadonlyMap<string, bigint>): bigint =>
  plan.resources.reduce(
    (sum, resource) =>
      sum + resource.recurringFeeMinor * chargeable(resource, quantities.get(resource.id) ?? resource.minimum),
    period.recurringFeeMinor,
  )

const totalOf = (lines: readonly QuoteLine[]): bigint =>
  lines.reduce((total, { netMinor, taxMinor }) => total + netMinor + taxMinor, 0n)

/** What another period of the same costs: recurring fees and those of the renewal. */
export function renewalLines(
  plan: Plan,
  period: PlanPeriod,
  quantities: ReadonlyMap<string, bigint>,
  basisPoints: number,
): QuoteLine[] {
  const months = chargedMonths(period.duration)
  const ofPeriod = { itemId: period.id, description: plan.name, quantity: 1n }
  const lines = [
    lineOf({ kind: 'period_recurring', ...ofPeriod, months, unitMinor: period.recurringFeeMinor }, basisPoints),
    lineOf({ kind: 'period_renewal', ...ofPeriod, months: ONCE, unitMinor: period.renewalFeeMinor }, basisPoints),
    ...plan.resources.flatMap((resource) => {
      const quantity = chargeable(resource, quantities.get(resource.id) ?? resource.minimum)
      const common = { itemId: resource.id, description: resource.name, quantity }
      return [
        lineOf({ kind: 'resource_recurring', ...common, months, unitMinor: resource.recurringFeeMinor }, basisPoints),
        lineOf({ kind: 'resource_renewal', ...common, months: ONCE, unitMinor: resource.renewalFeeMinor }, basisPoints),
      ]
    }),
  ]
  return lines.filter((line) => line.netMinor !== 0n || line.kind === 'period_recurring')
}

/** Lowest price of a period, taxes and discounts left out (spec/buy-links.md "Storefront links"). */
export function retailPriceMinor(plan: Plan, period: PlanPeriod): bigint {
  const perResource = plan.resources.map((resource) => {
    const units = chargeable(resource, resource.minimum)
    return resource.setupFeeMinor * units + forMonths(resource.recurringFeeMinor * units, period.duration)
  })
  return perResource.reduce(
    (sum, part) => sum + part,
    period.setupFeeMinor + forMonths(period.recurringFeeMinor, period.duration),
  )
}

/** Lengths compare as they are charged: 30 days, a month and endless are alike, and so are 12 months and a year. */
const days = (duration: Duration | null): number =>
  duration === null ? 30 : duration.value * { days: 1, months: 30, years: 360 }[duration.unit]

/** Numeric ids compare as numbers: `9` before `10`. */
export const byId = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)

const purchasable = (plan: Plan): PlanPeriod[] => plan.periods.filter((period) => period.isPublic && !period.trial)

/** The period *Buy now* orders: the plan's own choice, else the lowest retail price; ties: shorter, then lower id. */
export function buyNowPeriod(plan: Plan): PlanPeriod | undefined {
  const periods = purchasable(plan)
  const chosen = periods.find((period) => period.id === plan.defaultPeriodId)
  if (chosen) return chosen
  const price = (period: PlanPeriod): bigint => retailPriceMinor(plan, period)
  return periods.sort((a, b) => {
    const [left, right] = [price(a), price(b)]
    if (left !== right) return left < right ? -1 : 1
    return days(a.duration) - days(b.duration) || byId(a.id, b.id)
  })[0]
}

/** The period *Try it* orders: the shortest trial; ties: lower id. */
export const tryItPeriod = (plan: Plan): PlanPeriod | undefined =>
  plan.periods
    .filter((period) => period.isPublic && period.trial)
    .sort((a, b) => days(a.duration) - days(b.duration) || byId(a.id, b.id))[0]

/** "From …/month": the lowest recurring price a month with the chargeable minimum, setup left out; null: pay for what you use. */
export function fromMonthlyMinor(plan: Plan): bigint | null {
  const periods = purchasable(plan)
  const prices = periods.map((period) => monthlyOf(plan, period, new Map()))
  const hasFees =
    hasResourceFees(plan) ||
    periods.some(
      ({ setupFeeMinor, recurringFeeMinor, renewalFeeMinor }) =>
        setupFeeMinor + recurringFeeMinor + renewalFeeMinor > 0n,
    )
  if (!hasFees || prices.length === 0) return null
  return prices.reduce((lowest, price) => (price < lowest ? price : lowest))
}

/** Plans a store shows for a product, in order. */
export const sellablePlans = (snapshot: CatalogSnapshot, productId: string): Plan[] =>
  [...snapshot.plans.values()].filter(
    (plan) =>
      plan.productId === productId &&
      plan.status === 'active' &&
      plan.isPublic &&
      plan.periods.some((period) => period.isPublic),
  )

/**
 * One reseller's price of a fee: the price above it converted, plus the markup; rounded half up.
 *
 * @param exchangeRate What one major unit of the currency above is in the reseller's.
 * @param addedDigits Minor digits of the reseller's currency less those of the one above: USD to JPY is -2.
 */
export function markUp(feeMinor: bigint, markupBasisPoints: number, exchangeRate: Decimal, addedDigits = 0): bigint {
  const digits = 10n ** BigInt(Math.abs(addedDigits))
  const scale = 10n ** BigInt(exchangeRate.scale) * 10_000n
  const price = feeMinor * exchangeRate.units * BigInt(10_000 + markupBasisPoints)
  return addedDigits < 0 ? divideHalfUp(price, scale * digits) : divideHalfUp(price * digits, scale)
}

export interface QuantityProblem {
  readonly resourceId: string
  readonly code: 'resource_not_of_plan' | 'quantity_out_of_range'
  readonly message: string
}

/** Checks quantities a customer asks for against the plan (spec/buy-links.md "Codes"). Trials keep their minimum. */
export function checkQuantities(
  plan: Plan,
  period: PlanPeriod | undefined,
  asked: Readonly<Record<string, bigint>>,
): QuantityProblem[] {
  return Object.entries(asked).flatMap(([resourceId, quantity]): QuantityProblem[] => {
    const resource = plan.resources.find((each) => each.id === resourceId)
    if (!resource?.isPublic) {
      return [{ resourceId, code: 'resource_not_of_plan', message: `Plan ${plan.name} has no resource ${resourceId}.` }]
    }
    const limit = period?.trial ? resource.minimum : limitOf(resource)
    if (quantity >= resource.minimum && quantity <= (limit ?? MOST_UNITS)) return []
    const range =
      limit === resource.minimum
        ? `${limit}`
        : limit === null && quantity < resource.minimum
          ? `at least ${resource.minimum}`
          : `from ${resource.minimum} to ${limit ?? MOST_UNITS}`
    const why = period?.trial ? ' during a trial' : ''
    return [
      {
        resourceId,
        code: 'quantity_out_of_range',
        message: `${resource.name} must be ${range}${why}, not ${shortened(quantity)}.`,
      },
    ]
  })
}

/** Digits of a link, which may be thousands. */
const shortened = (quantity: bigint): string => {
  const digits = quantity.toString()
  return digits.length > 24 ? `${digits.slice(0, 20)}…` : digits
}
