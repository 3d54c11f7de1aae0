import { formatAmount } from '../kernel/money.ts'
import type { ActorLabel } from '../platform/actor.ts'
import type { Occurrence } from '../platform/events/publish.ts'
import type { SubscriptionResource } from '../subscriptions/schema.ts'
import type { Order, OrderedChange } from './schema.ts'

/** What every event and audit entry about an order says. */
export const aboutOrder = (order: Order, actor: ActorLabel, at: Date): Occurrence => ({
  sellerId: order.sellerId,
  subject: { kind: 'order', id: order.id },
  tenantId: order.accountId,
  actor,
  correlationId: order.correlationId,
  at,
})

/** The same about its subscription. */
export const aboutSubscription = (order: Order, actor: ActorLabel, at: Date): Occurrence => ({
  ...aboutOrder(order, actor, at),
  subject: { kind: 'subscription', id: order.subscriptionId },
})

/** What every posting of an order's money says. */
export const postingOf = (order: Order, at: Date) => ({
  sellerId: order.sellerId,
  currency: order.currency,
  accountId: order.accountId,
  orderId: order.id,
  paymentId: null,
  correlationId: order.correlationId,
  at,
})

/** Names the posting that gives back what of a change was for days before it was paid. */
export const missedDaysKey = ({ id }: Pick<Order, 'id'>): string => `order_missed_days:${id}`

export const orderPayload = (order: Order) => ({
  order_id: order.id,
  number: order.number,
  type: order.type,
  account_id: order.accountId,
  subscription_id: order.subscriptionId,
  total: formatAmount(order.totalMinor, order.currency),
  currency: order.currency,
})

/** What a change leaves the subscription with. */
export const orderedResources = ({ resources }: OrderedChange): SubscriptionResource[] =>
  resources.map((resource) => ({
    id: resource.id,
    name: resource.name,
    unit: resource.unit,
    quantity: BigInt(resource.quantity),
    included: BigInt(resource.included),
    usageName: resource.usage_name,
    quotaPerUnit: resource.quota_per_unit === null ? null : BigInt(resource.quota_per_unit),
  }))
