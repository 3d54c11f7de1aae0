import type { OrderId, SubscriptionId } from '../kernel/ids.ts'
import { systemLabel } from '../platform/actor.ts'
import { crashPoint } from '../platform/crash-points.ts'
import type { StoredEvent } from '../platform/events/schema.ts'
import type { Subscriber } from '../platform/events/subscriber.ts'
import { failOrder, startPaidOrder } from './advance-order.ts'
import { cancelOrderOfPayment } from './cancel-order.ts'
import { unfinishedOf } from './change-context-view.ts'
import { completeOrder } from './complete-order.ts'

const orderOf = (event: Pick<StoredEvent, 'payload'>): OrderId | undefined => {
  const id = event.payload['order_id']
  return typeof id === 'string' ? (id as OrderId) : undefined
}

/** What moves an order on: its payment, and its service. */
export const orderSubscribers: readonly Subscriber[] = [
  {
    name: 'order-payment',
    on: ['payment.completed', 'payment.cancelled'],
    concerns: (event) => orderOf(event) !== undefined,
    handle: async (event, { db, clock }) => {
      const orderId = orderOf(event)
      if (!orderId) return
      crashPoint('order.before_payment')
      if (event.type === 'payment.cancelled')
        await cancelOrderOfPayment(db, clock, systemLabel('orders'), event.sellerId, orderId)
      else await startPaidOrder(db, clock, event.sellerId, orderId)
      crashPoint('order.after_payment')
    },
  },
  {
    name: 'order-after-stop',
    on: ['subscription.stopped'],
    handle: async ({ sellerId, subject }, { db, clock }) => {
      const order = await unfinishedOf(db, sellerId, subject.id as SubscriptionId)
      if (order?.status === 'waiting_for_payment') await startPaidOrder(db, clock, sellerId, order.id)
    },
  },
  {
    name: 'order-provisioning',
    on: ['provisioning.completed', 'provisioning.failed'],
    handle: async (event, { db, clock }) => {
      const orderId = orderOf(event)
      if (!orderId) return
      crashPoint('order.before_outcome')
      if (event.type === 'provisioning.completed') await completeOrder(db, clock, event.sellerId, orderId)
      else await failOrder(db, clock, event.sellerId, orderId, String(event.payload['message'] ?? ''))
      crashPoint('order.after_outcome')
    },
  },
]
