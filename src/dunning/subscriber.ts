import type { OrderId, SubscriptionId } from '../kernel/ids.ts'
import { transaction } from '../platform/db.ts'
import type { Subscriber } from '../platform/events/subscriber.ts'
import { endDunning, startForInvoice, startForRenewal } from './start-dunning.ts'
import { resumePaid } from './stop-unpaid.ts'

/** What becomes due is asked for; what is paid, or no longer wanted, is not. */
export const dunningSubscriber: Subscriber = {
  name: 'dunning',
  on: [
    'order.placed',
    'invoice.issued',
    'invoice.paid',
    'payment.completed',
    'payment.cancelled',
    'subscription.stopped',
  ],
  concerns: ({ type, payload }) =>
    type === 'order.placed'
      ? payload['type'] === 'renewal'
      : type !== 'subscription.stopped' || payload['reason'] === 'unpaid',
  handle: async ({ type, sellerId, subject }, { db, clock }) => {
    if (type === 'order.placed') await startForRenewal(db, clock, sellerId, subject.id as OrderId)
    else if (type === 'invoice.issued') await startForInvoice(db, clock, sellerId, subject.id)
    // It was paid while it was still being stopped.
    else if (type === 'subscription.stopped')
      await transaction(db, (tx) => resumePaid(tx, sellerId, subject.id as SubscriptionId, clock.now()))
    else {
      const about = { kind: type === 'invoice.paid' ? ('invoice' as const) : ('payment' as const), id: subject.id }
      await endDunning(db, clock, sellerId, about, type === 'payment.cancelled' ? 'cancelled' : 'paid')
    }
  },
}
