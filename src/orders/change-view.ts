import { isOrderable } from '../catalog/rules.ts'
import { formatDecimal } from '../kernel/decimal.ts'
import { BuylinkError } from '../kernel/errors.ts'
import { balancesOf } from '../ledger/index.ts'
import type { Principal } from '../platform/actor.ts'
import { readRunning } from './change-context-view.ts'
import type { CheckoutContext, Payer } from './checkout-context-view.ts'
import { type CheckoutView, discountView, lineView } from './checkout-shape.ts'
import { judgeDraft } from './judge-draft.ts'
import { findOrderView, type OrderView } from './order-view.ts'
import { usedAbove } from '../subscriptions/rules.ts'
import { daysLeft } from './rules.ts'
import type { Checkout, OrderSnapshot } from './schema.ts'
import type { ViewDeps } from './view-deps.ts'

/**
 * A draft that changes a running subscription, at today's prices: equal to the cent to what placing it charges today.
 * Once placed, what was ordered.
 *
 * @throws {BuylinkError} `conflict`, `gone`, `unprocessable`: what stands against it by now.
 */
export async function viewChange(
  { db, clock, catalog, documentsOf, quotasOf }: ViewDeps,
  actor: Principal,
  { checkout, payer }: CheckoutContext,
): Promise<CheckoutView> {
  const order = checkout.orderId && (await findOrderView(db, actor, checkout.orderId))
  if (order)
    return { ...frameOf(checkout, payer, checkout.status), ...documentsOf(checkout.storeId), ...orderedView(order) }
  const { sellerId, subscriptionId } = checkout
  const running = subscriptionId ? await readRunning(db, sellerId, subscriptionId) : undefined
  if (!running) throw new BuylinkError('not_found', 'There is no such subscription.')
  const { subscription } = running
  const at = clock.now()
  const priced = judgeDraft(await catalog.get(sellerId), running, checkout, payer, at)
  const { product, plan, period, term, before, resources, quote, discount, taxRate, payment, surplus } = priced
  const { currency } = quote
  const money = (amountMinor: bigint) => ({ amountMinor, currency })
  const after = new Map(resources.map(({ id, quantity }) => [id, quantity]))
  const balanceMinor = (await balancesOf(db, sellerId, [payer.id])).get(payer.id) ?? 0n
  const above = usedAbove(running.resources, resources, await quotasOf(db, sellerId, subscription.tenantId))
  const { left, of } = daysLeft(term, at)
  return {
    ...frameOf(checkout, payer, checkout.expiresAt <= at ? 'expired' : checkout.status),
    ...documentsOf(checkout.storeId),
    product: { id: product.id, name: product.marketingName, slug: product.slug },
    plan: { id: plan.id, name: plan.name, billingType: plan.billingType },
    paymentModel: subscription.paymentModel,
    planPeriodId: period.id,
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
        quantity: after.get(resource.id) ?? resource.minimum,
        setupFee: money(resource.setupFeeMinor),
        recurringFee: money(resource.recurringFeeMinor),
        unitPrice: null,
        orderable: isOrderable(plan, resource),
      })),
    steps: payment ? ['confirm', 'pay'] : ['confirm'],
    lines: quote.lines.map((line) => lineView(line, currency)),
    net: money(quote.netMinor),
    tax: money(quote.taxMinor),
    total: money(quote.totalMinor),
    discount: discount && discountView(discount, currency),
    promo: null,
    taxName: taxRate?.name ?? '',
    taxRatePercent: formatDecimal({ units: BigInt(taxRate?.basisPoints ?? 0), scale: 2 }),
    reverseCharge: taxRate?.isReversed ?? false,
    dueToday: money(payment?.totalMinor ?? 0n),
    renewal: { amount: money(quote.renewalMinor), at: term.endsAt },
    change: {
      subscription: { id: subscription.id, number: subscription.number, name: subscription.name },
      resources: resources.map(({ id, name, unit, quantity }) => ({
        id,
        name,
        unit,
        before: before.get(id) ?? 0n,
        after: quantity,
      })),
      period: { startsAt: term.startsAt, endsAt: term.endsAt, daysLeft: Number(left), days: Number(of) },
      recurringBefore: money(subscription.recurringMinor),
      recurring: money(quote.recurringMinor),
      needsConsent: quote.recurringMinor > subscription.recurringMinor,
      balance: money(balanceMinor),
      coveredByBalance: payment !== null && balanceMinor >= payment.totalMinor,
      creditedToBalance: money(surplus.netMinor + surplus.taxMinor),
      usageAbove: above.map(({ usageName, used, value }) => ({ usageName, used, value: value.toString() })),
    },
  }
}

/** What every view of a change says, whatever it costs. */
const frameOf = (checkout: Checkout, payer: Payer, status: Checkout['status']) => ({
  id: checkout.id,
  type: checkout.type,
  status,
  version: checkout.version,
  createdAt: checkout.createdAt,
  expiresAt: checkout.expiresAt,
  accountId: checkout.accountId,
  orderId: checkout.orderId,
  periods: [],
  attributes: [],
  topup: null,
  trial: false,
  seller: { name: payer.sellerName },
  existing: [],
  secondSubscription: 'allow' as const,
  registrationComplete: payer.registration === 'full',
  orderType: null,
})

const orderedView = ({ snapshot, ...order }: OrderView & { readonly snapshot: OrderSnapshot }) => ({
  product: snapshot.product,
  plan: { ...order.plan, billingType: snapshot.plan.billing_type },
  paymentModel: snapshot.payment_model,
  planPeriodId: order.period.id,
  resources: [],
  steps: [],
  lines: order.lines,
  net: order.net,
  tax: order.tax,
  total: order.total,
  taxName: order.taxName,
  taxRatePercent: order.taxRatePercent,
  reverseCharge: order.reverseCharge,
  dueToday: order.payment?.total ?? { ...order.total, amountMinor: 0n },
  discount: order.discount,
  promo: null,
  renewal: null,
  change: null,
})
