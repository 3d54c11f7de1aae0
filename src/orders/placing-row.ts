import { type LinkDecision, refusalOf } from '../attribution/rules.ts'
import type { PricedSelection } from '../buylinks/rules.ts'
import { newId, type OrderId, type PaymentId, type SubscriptionId } from '../kernel/ids.ts'
import { formatAmount } from '../kernel/money.ts'
import { addDays } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { auditRow, eventRow } from '../platform/events/publish.ts'
import { requestToRow } from '../provisioning/index.ts'
import { monthsText } from './checkout-shape.ts'
import type { CheckoutContext } from './checkout-context-view.ts'
import type { HoldPayment } from './leave-hold.ts'
import { netCostsOf } from './net-costs.ts'
import type { PlacingRow } from './place-order.hot.ts'
import type { OrderSnapshot } from './schema.ts'

export interface Placing {
  readonly context: CheckoutContext
  readonly priced: PricedSelection
  readonly priceVersion: bigint
  readonly actor: Principal
  readonly placedBy: { readonly kind: string; readonly id: string | null }
  /** The manager who has the checkout's key, if anybody has. */
  readonly keyOf: string | null
  /** Whether this order links the account to a manager, or why not. */
  readonly decision: LinkDecision
  /** The terms that were accepted; null where the store has none. */
  readonly termsUrl: string | null
  readonly holdPayment: HoldPayment | undefined
  readonly at: Date
}

/** Turns a priced checkout into the row that the placing statement writes. Pure but for fresh ids. */
export function placingRow({
  context,
  priced,
  priceVersion,
  actor,
  placedBy,
  keyOf,
  decision,
  termsUrl,
  holdPayment,
  at,
}: Placing): PlacingRow {
  const { checkout, payer } = context
  const { plan, period, product, quote, discount, payment } = priced
  const ms = at.getTime()
  const linkTo = decision.kind === 'link' ? decision.managerId : null
  const orderId = newId<OrderId>(ms)
  const subscriptionId = newId<SubscriptionId>(ms)
  const paymentId = payment ? newId<PaymentId>(ms) : null
  const taskId = payment ? null : newId<string>(ms)
  const resources = plan.resources.map((resource) => ({
    id: resource.id,
    quantity: priced.quantities.get(resource.id) ?? resource.minimum,
    usageName: resource.quota?.usageName ?? null,
    quotaPerUnit: resource.quota?.perUnit ?? null,
  }))
  const order = { kind: 'order', id: orderId }
  const about = {
    sellerId: checkout.sellerId,
    subject: order,
    tenantId: payer.id,
    actor,
    correlationId: checkout.correlationId,
    at,
  }
  const payload = {
    order_id: orderId,
    type: 'sales',
    trial: period.trial,
    account_id: payer.id,
    subscription_id: subscriptionId,
    payment_id: paymentId,
    plan_id: plan.id,
    plan_period_id: period.id,
    total: formatAmount(quote.totalMinor, quote.currency),
    currency: quote.currency,
  }
  const events = [eventRow({ ...about, type: 'order.placed', payload })]
  if (taskId)
    events.push(eventRow({ ...about, type: 'provisioning.requested', payload: { task_id: taskId, order_id: orderId } }))
  const snapshot: OrderSnapshot = {
    product: { id: product.id, name: product.marketingName, slug: product.slug },
    plan: { id: plan.id, name: plan.name, billing_type: plan.billingType },
    period: { id: period.id, trial: period.trial, duration: period.duration },
    payment_model: priced.paymentModel,
    tax: {
      name: priced.taxRate?.name ?? '',
      basis_points: priced.taxRate?.basisPoints ?? 0,
      reverse_charge: priced.taxRate?.isReversed ?? false,
    },
    attributes: checkout.selection.attributes,
    ga: checkout.selection.ga,
    ...(discount && { discount }),
    ...(plan.costs && { net_costs: netCostsOf(plan, period, quote.lines) }),
  }
  return {
    position: 0,
    seller_id: checkout.sellerId,
    placed_at: at.toISOString(),
    promo_code: discount?.code ?? null,
    checkout_id: checkout.id,
    checkout_version: checkout.version.toString(),
    price_version: priceVersion.toString(),
    account_id: payer.id,
    account_version: payer.version.toString(),
    order_id: orderId,
    order_status: payment ? 'waiting_for_payment' : 'provisioning',
    store_id: checkout.storeId,
    order_type: checkout.selection.orderType,
    net_minor: quote.netMinor.toString(),
    tax_minor: quote.taxMinor.toString(),
    total_minor: quote.totalMinor.toString(),
    currency: quote.currency,
    snapshot,
    placed_by: placedBy,
    correlation_id: checkout.correlationId,
    order_expires_at: payment ? addDays(at, payer.cancelUnpaidAfterDays).toISOString() : null,
    subscription_id: subscriptionId,
    subscription_status: payment ? 'ordered' : 'installing',
    tenant_id: payer.id,
    plan_id: plan.id,
    plan_period_id: period.id,
    product_id: product.id,
    subscription_name: plan.name,
    payment_model: priced.paymentModel,
    billing_type: plan.billingType,
    trial: period.trial,
    exclusive: plan.secondSubscription === 'refuse',
    connector: plan.connector,
    recurring_minor: (quote.recurringMinor ?? 0n).toString(),
    payment_id: paymentId,
    payment_purpose: payment?.purpose ?? null,
    payment_minor: payment?.totalMinor.toString() ?? null,
    hold_payment: payment ? (holdPayment ?? null) : null,
    task_id: taskId,
    task_request: taskId ? requestToRow({ revision: 1n, tenantId: payer.id, planId: plan.id, resources }) : null,
    manager_id: linkTo ?? payer.managerId,
    link_manager: linkTo !== null,
    touch:
      checkout.managerKey === null
        ? null
        : {
            key: checkout.managerKey,
            manager_id: keyOf,
            outcome: decision.kind === 'link' ? 'linked' : 'refused',
            refusal: decision.kind === 'link' ? null : refusalOf(decision),
            channel: checkout.touch?.channel ?? 'cookie',
            at: checkout.touch?.at ?? null,
          },
    attribution_id: newId(ms),
    lines: quote.lines.map((line, position) => ({
      position,
      kind: line.kind,
      item_id: line.itemId,
      description: line.description,
      quantity: line.quantity.toString(),
      months: monthsText(line),
      unit_minor: line.unitMinor.toString(),
      net_minor: line.netMinor.toString(),
      tax_minor: line.taxMinor.toString(),
    })),
    resources: plan.resources.map((resource) => ({
      resource_id: resource.id,
      name: resource.name,
      unit: resource.unit,
      quantity: (priced.quantities.get(resource.id) ?? resource.minimum).toString(),
      included: resource.included.toString(),
      usage_name: resource.quota?.usageName ?? null,
      quota_per_unit: resource.quota?.perUnit.toString() ?? null,
    })),
    events,
    manager_events: linkTo
      ? [
          eventRow({
            ...about,
            subject: { kind: 'account', id: payer.id },
            type: 'account.manager_changed',
            payload: {
              account_id: payer.id,
              manager_id: linkTo,
              previous_manager_id: null,
              reason: 'order',
              order_id: orderId,
            },
          }),
        ]
      : [],
    audit: [auditRow({ ...about, action: 'order.place', details: payload })],
    acceptances:
      termsUrl !== null && placedBy.kind === 'user' && placedBy.id !== null
        ? [{ id: newId(ms), account_id: payer.id, user_id: placedBy.id, document: 'terms', url: termsUrl }]
        : [],
  }
}
