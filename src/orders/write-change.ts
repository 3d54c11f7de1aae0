import { newId, type OrderId, type PaymentId } from '../kernel/ids.ts'
import { addDays } from '../kernel/time.ts'
import { insertPayment, payFromBalance } from '../payments/index.ts'
import { actorLabel, type Principal } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { takeDocumentNumber } from '../platform/numbers.ts'
import { startPaidOrder } from './advance-order.ts'
import { askService } from './ask-service.ts'
import type { Payer } from './checkout-context-view.ts'
import { monthsText } from './checkout-shape.ts'
import { claimCheckout } from './checkout-store.ts'
import { aboutOrder, orderPayload } from './order-facts.ts'
import { netCostsOf } from './net-costs.ts'
import type { PlacedOrder } from './placed-order-view.ts'
import type { PricedChange, Running } from './rules.ts'
import type { Checkout, OrderSnapshot } from './schema.ts'
import { insertOrder, type LockedOrder } from './store.ts'

export interface AgreedChange {
  readonly actor: Principal
  readonly checkout: Checkout
  readonly payer: Payer
  readonly running: Running
  readonly priced: PricedChange
  readonly paysFromBalance: boolean
  readonly priceVersion: bigint
  readonly at: Date
}

/**
 * Writes the order of a change, all of it in the caller's transaction, under the locks of its checkout and subscription:
 * order, lines, payment, events, audit; where nothing has to be paid first, the service is asked at once.
 */
export async function writeChange(tx: Tx, agreed: AgreedChange): Promise<PlacedOrder> {
  const { actor, checkout, payer, running, priced, paysFromBalance, priceVersion, at } = agreed
  const { subscription } = running
  const { quote } = priced
  const waits = priced.payment !== null && !paysFromBalance
  const expiresAt = waits ? payableUntil(agreed) : null
  const order: LockedOrder = {
    sellerId: checkout.sellerId,
    id: newId<OrderId>(at.getTime()),
    number: await takeDocumentNumber(tx, checkout.sellerId, 'order'),
    type: checkout.type,
    status: 'waiting_for_payment',
    accountId: payer.id,
    subscriptionId: subscription.id,
    checkoutId: checkout.id,
    currency: quote.currency,
    netMinor: quote.netMinor,
    taxMinor: quote.taxMinor,
    totalMinor: quote.totalMinor,
    correlationId: checkout.correlationId,
    reversesOrderId: null,
    snapshot: snapshotOf(running, priced),
  }
  await insertOrder(tx, order, {
    storeId: checkout.storeId,
    managerId: payer.managerId,
    priceVersion,
    placedBy: actorLabel(actor),
    lines: quote.lines.map((line) => ({ ...line, months: monthsText(line) })),
    expiresAt,
    at,
  })
  await claimCheckout(tx, checkout, order.id)
  const payment = priced.payment && {
    id: newId<PaymentId>(at.getTime()),
    number: await takeDocumentNumber(tx, checkout.sellerId, 'payment'),
    purpose: priced.payment.purpose,
    totalMinor: priced.payment.totalMinor,
  }
  if (payment) {
    await insertPayment(tx, {
      ...payment,
      sellerId: order.sellerId,
      accountId: payer.id,
      orderId: order.id,
      orderNumber: order.number,
      subscriptionId: subscription.id,
      description: subscription.name,
      currency: order.currency,
      correlationId: order.correlationId,
      expiresAt,
      at,
    })
  }
  const payload = {
    ...orderPayload(order),
    payment_id: payment?.id ?? null,
    plan_id: priced.plan.id,
    plan_period_id: priced.period.id,
  }
  await publish(tx, { ...aboutOrder(order, actor, at), type: 'order.placed', payload })
  await audit(tx, { ...aboutOrder(order, actor, at), action: 'order.place', details: payload })
  if (payment && paysFromBalance) {
    const clock = { now: () => at }
    await payFromBalance(tx, clock, actor, { sellerId: order.sellerId, paymentId: payment.id })
    await startPaidOrder(tx, clock, order.sellerId, order.id)
  } else if (!payment) await askService(tx, order, at)
  const money = (amountMinor: bigint) => ({ amountMinor, currency: order.currency })
  return {
    id: order.id,
    number: order.number,
    total: money(order.totalMinor),
    subscription: { id: subscription.id, number: subscription.number },
    payment: payment && {
      id: payment.id,
      number: payment.number,
      purpose: payment.purpose,
      total: money(payment.totalMinor),
    },
    // What runs is not changed on credit hold.
    holdPayment: null,
    createdAt: at,
  }
}

/** A change is priced for the running period; a renewal of what runs may be paid until the end of its grace. */
function payableUntil({ checkout, payer, running: { subscription }, at }: AgreedChange): Date {
  const usual = addDays(at, payer.cancelUnpaidAfterDays)
  const end = subscription.periodEndsAt
  if (!end || subscription.status === 'stopped') return usual
  if (checkout.type === 'renewal') return addDays(end, payer.graceDays)
  return usual < end ? usual : end
}

const snapshotOf = (
  { subscription }: Running,
  { product, plan, period, before, resources, taxRate, quote, surplus, discount, left }: PricedChange,
): OrderSnapshot => ({
  product: { id: product.id, name: product.marketingName, slug: product.slug },
  plan: { id: plan.id, name: plan.name, billing_type: plan.billingType },
  period: { id: period.id, trial: period.trial, duration: period.duration },
  payment_model: subscription.paymentModel,
  tax: {
    name: taxRate?.name ?? '',
    basis_points: taxRate?.basisPoints ?? 0,
    reverse_charge: taxRate?.isReversed ?? false,
  },
  attributes: {},
  ga: null,
  ...(discount && { discount }),
  ...(plan.costs && {
    net_costs: netCostsOf(
      plan,
      period,
      quote.lines,
      left && { ...left, planPeriodId: subscription.planPeriodId, quantities: before },
    ),
  }),
  change: {
    resources: resources.map((resource) => ({
      id: resource.id,
      name: resource.name,
      unit: resource.unit,
      before: (before.get(resource.id) ?? 0n).toString(),
      quantity: resource.quantity.toString(),
      included: resource.included.toString(),
      usage_name: resource.usageName,
      quota_per_unit: resource.quotaPerUnit?.toString() ?? null,
    })),
    recurring_before_minor: subscription.recurringMinor.toString(),
    recurring_minor: quote.recurringMinor.toString(),
    surplus_minor: [surplus.netMinor.toString(), surplus.taxMinor.toString()],
  },
})
