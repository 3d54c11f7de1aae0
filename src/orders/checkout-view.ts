import { priceSelection, stepsOf } from '../buylinks/rules.ts'
import { isOrderable, isPayAsYouGo, periodEnd } from '../catalog/rules.ts'
import { formatDecimal } from '../kernel/decimal.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { CheckoutId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import { viewChange } from './change-view.ts'
import { findCheckout } from './checkout-context-view.ts'
import { type CheckoutView, discountView, lineView } from './checkout-shape.ts'
import { intentsFor } from './intents.ts'
import { promoView, readPromo } from './read-promo.ts'
import type { ViewDeps } from './view-deps.ts'

/** @throws {BuylinkError} `not_found`; `gone` (with the order's id, if it was placed) when the plan is no longer sold. */
export async function viewCheckout(deps: ViewDeps, actor: Principal, id: CheckoutId): Promise<CheckoutView> {
  const { db, clock, catalog, documentsOf } = deps
  const context = await findCheckout(db, actor, id)
  if (!context) throw new BuylinkError('not_found', 'There is no such checkout.')
  const { checkout, payer, existing } = context
  if (checkout.type !== 'sales') return viewChange(deps, actor, context)
  const snapshot = await catalog.get(payer.sellerId)
  const at = clock.now()
  const promo = await readPromo(db, checkout, payer, snapshot, at)
  const priced = priceSelection(snapshot, checkout.selection, payer, at, promo?.usable)
  if ('kind' in priced) throw new BuylinkError('gone', priced.message, { extra: { orderId: checkout.orderId } })
  const { plan, period, product, quantities, quote, discount, taxRate, payment } = priced
  const { currency } = quote
  const money = (amountMinor: bigint) => ({ amountMinor, currency })
  const basisPoints = taxRate?.basisPoints ?? 0
  const totalFor = ({ id }: { readonly id: string }): bigint => {
    const other = priceSelection(snapshot, { ...checkout.selection, planPeriodId: id }, payer, at, promo?.usable)
    return 'kind' in other ? 0n : other.quote.totalMinor
  }
  const offered = plan.periods.filter((each) => each.isPublic)
  return {
    id: checkout.id,
    type: checkout.type,
    change: null,
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
      total: money(totalFor(each)),
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
    lines: quote.lines.map((line) => lineView(line, currency)),
    net: money(quote.netMinor),
    tax: money(quote.taxMinor),
    total: money(quote.totalMinor),
    discount: discount && discountView(discount, currency),
    promo: promoView(promo, discount),
    taxName: taxRate?.name ?? '',
    taxRatePercent: formatDecimal({ units: BigInt(basisPoints), scale: 2 }),
    reverseCharge: taxRate?.isReversed ?? false,
    dueToday: money(payment?.totalMinor ?? 0n),
    renewal:
      quote.renewalMinor === null || isPayAsYouGo(plan)
        ? null
        : { amount: money(quote.renewalMinor), at: periodEnd(clock.now(), period.duration) },
    ...documentsOf(checkout.storeId),
    seller: { name: payer.sellerName },
    existing: existing.map((each) => ({
      subscriptionId: each.id,
      name: each.name,
      status: each.status,
      intents: period.trial ? [] : intentsFor(plan, each, quantities, payer, clock.now()),
    })),
    secondSubscription: plan.secondSubscription,
    registrationComplete: payer.registration === 'full',
    orderType: checkout.selection.orderType,
  }
}
