import { z } from 'zod'
import { priceSelection, stepsOf } from '../buylinks/rules.ts'
import type { Catalog } from '../catalog/index.ts'
import { isOrderable, isPayAsYouGo, periodEnd, priceOrder } from '../catalog/rules.ts'
import { formatDecimal } from '../kernel/decimal.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { CheckoutId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { Amount, Instant, NumericId, Uuid, Version, Whole } from '../platform/http/schemas.ts'
import { SubscriptionStatus } from '../subscriptions/schema.ts'
import { findCheckout } from './checkout-context-view.ts'
import type { ManagerKeys } from './create-checkout.ts'

export const DurationView = z.object({ value: z.int(), unit: z.enum(['days', 'months', 'years']) })

export const LineView = z.object({
  kind: z.enum(['period_setup', 'period_recurring', 'resource_setup', 'resource_recurring']),
  itemId: NumericId,
  description: z.string(),
  quantity: Whole,
  months: z.string().meta({ description: 'Months charged for, a decimal' }),
  unit: Amount,
  net: Amount,
  tax: Amount,
})

/** A draft order at today's prices: what the customer chooses from, and what it would cost. */
export const CheckoutView = z.object({
  id: Uuid,
  status: z.enum(['open', 'placed', 'expired']),
  version: Version,
  createdAt: Instant,
  expiresAt: Instant,
  accountId: Uuid,
  orderId: Uuid.nullable(),
  product: z.object({ id: NumericId, name: z.string(), slug: z.string() }),
  plan: z.object({ id: NumericId, name: z.string(), billingType: z.string() }),
  paymentModel: z.enum(['prepay', 'postpay']),
  planPeriodId: NumericId,
  periods: z.array(
    z.object({
      id: NumericId,
      trial: z.boolean(),
      duration: DurationView.nullable(),
      setupFee: Amount,
      recurringFee: Amount.meta({ description: 'A month, without resources' }),
      total: Amount.meta({ description: 'With the quantities chosen, tax included' }),
    }),
  ),
  resources: z.array(
    z.object({
      id: NumericId,
      name: z.string(),
      unit: z.string(),
      kind: z.enum(['unit', 'boolean']),
      included: Whole,
      minimum: Whole,
      limit: Whole.nullable(),
      quantity: Whole,
      setupFee: Amount,
      recurringFee: Amount,
      unitPrice: z.string().nullable().meta({ description: 'Pay as you go: for one unit and hour' }),
      orderable: z.boolean(),
    }),
  ),
  attributes: z.array(
    z.object({ key: z.string(), label: z.string(), required: z.boolean(), type: z.literal('text'), value: z.string() }),
  ),
  topup: Amount.nullable(),
  trial: z.boolean(),
  steps: z.array(z.enum(['configure', 'confirm', 'pay'])),
  lines: z.array(LineView),
  net: Amount,
  tax: Amount,
  total: Amount.meta({ description: 'Of the order; a top-up is not part of it' }),
  taxName: z.string(),
  taxRatePercent: z.string(),
  dueToday: Amount.meta({ description: 'To be paid before the service starts: the total, or the top-up' }),
  renewal: z.object({ amount: Amount, at: Instant.nullable() }).nullable(),
  termsUrl: z.string().nullable(),
  privacyUrl: z.string().nullable(),
  seller: z.object({ name: z.string() }),
  existing: z.array(z.object({ subscriptionId: Uuid, name: z.string(), status: SubscriptionStatus })),
  secondSubscription: z.enum(['allow', 'ask', 'refuse']),
  registrationComplete: z.boolean(),
  orderType: z.string().nullable(),
})
export type CheckoutView = z.output<typeof CheckoutView>

export interface ViewDeps {
  readonly db: Db
  readonly clock: Clock
  readonly catalog: Catalog
  readonly managers: ManagerKeys
  readonly documentsOf: (storeId: string) => { readonly termsUrl: string | null; readonly privacyUrl: string | null }
}

/** @throws {BuylinkError} `not_found`; `gone` (with the order's id, if it was placed) when the plan is no longer sold. */
export async function viewCheckout(
  { db, clock, catalog, documentsOf }: ViewDeps,
  actor: Principal,
  id: CheckoutId,
): Promise<CheckoutView> {
  const context = await findCheckout(db, actor, id)
  if (!context) throw new BuylinkError('not_found', 'There is no such checkout.')
  const { checkout, payer, existing } = context
  const snapshot = await catalog.get(payer.sellerId)
  const priced = priceSelection(snapshot, checkout.selection, payer)
  if ('kind' in priced) throw new BuylinkError('gone', priced.message, { extra: { orderId: checkout.orderId } })
  const { plan, period, product, quantities, quote, taxRate, payment } = priced
  const { currency } = quote
  const money = (amountMinor: bigint) => ({ amountMinor, currency })
  const basisPoints = taxRate?.basisPoints ?? 0
  const offered = plan.periods.filter((each) => each.isPublic)
  return {
    id: checkout.id,
    status: checkout.status === 'open' && checkout.expiresAt <= clock.now() ? 'expired' : checkout.status,
    version: checkout.version,
    createdAt: checkout.createdAt,
    expiresAt: checkout.expiresAt,
    accountId: checkout.accountId,
    orderId: checkout.orderId,
    product: { id: product.id, name: product.marketingName, slug: product.slug },
    plan: { id: plan.id, name: plan.name, billingType: plan.billingType },
    paymentModel: priced.paymentModel,
    planPeriodId: period.id,
    periods: offered.map((each) => ({
      id: each.id,
      trial: each.trial,
      duration: each.duration,
      setupFee: money(each.setupFeeMinor),
      recurringFee: money(each.trial ? 0n : each.recurringFeeMinor),
      total: money(priceOrder(plan, each, quantities, currency, basisPoints).totalMinor),
    })),
    resources: plan.resources
      .filter((resource) => resource.isPublic)
      .map((resource) => ({
        id: resource.id,
        name: resource.name,
        unit: resource.unit,
        kind: resource.kind,
        included: resource.included,
        minimum: resource.minimum,
        limit: resource.limit,
        quantity: quantities.get(resource.id) ?? resource.minimum,
        setupFee: money(resource.setupFeeMinor),
        recurringFee: money(resource.recurringFeeMinor),
        unitPrice: resource.unitPrice && formatDecimal(resource.unitPrice),
        orderable: isOrderable(plan, resource) && !period.trial,
      })),
    attributes: plan.orderAttributes.map(({ key, label, required }) => ({
      key,
      label,
      required,
      type: 'text' as const,
      value: checkout.selection.attributes[key] ?? '',
    })),
    topup: priced.topupMinor === null ? null : money(priced.topupMinor),
    trial: period.trial,
    steps: stepsOf(priced, checkout.selection),
    lines: quote.lines.map((line) => ({
      kind: line.kind,
      itemId: line.itemId,
      description: line.description,
      quantity: line.quantity,
      months: formatDecimal({ units: (line.months.numerator * 1_000_000n) / line.months.denominator, scale: 6 }),
      unit: money(line.unitMinor),
      net: money(line.netMinor),
      tax: money(line.taxMinor),
    })),
    net: money(quote.netMinor),
    tax: money(quote.taxMinor),
    total: money(quote.totalMinor),
    taxName: taxRate?.name ?? '',
    taxRatePercent: formatDecimal({ units: BigInt(basisPoints), scale: 2 }),
    dueToday: money(payment?.totalMinor ?? 0n),
    renewal:
      quote.renewalMinor === null || isPayAsYouGo(plan)
        ? null
        : { amount: money(quote.renewalMinor), at: periodEnd(clock.now(), period.duration) },
    ...documentsOf(checkout.storeId),
    seller: { name: payer.sellerName },
    existing: existing.map(({ id: subscriptionId, name, status }) => ({ subscriptionId, name, status })),
    secondSubscription: plan.secondSubscription,
    registrationComplete: payer.registration === 'full',
    orderType: checkout.selection.orderType,
  }
}
