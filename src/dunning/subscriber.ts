import type { OrderId } from '../kernel/ids.ts'
import type { Subscriber } from '../platform/events/subscriber.ts'
import { endDunning, startForInvoice, startForRenewal } from './start-dunning.ts'

/** What becomes due is asked for; what is paid, or no longer wanted, is not. */
export const dunningSubscriber: Subscriber = {
  name: 'dunning',
  on: ['order.placed', 'invoice.issued', 'invoice.paid', 'payment.completed', 'payment.cancelled'],
  concerns: ({ type, payload }) => type !== 'order.placed' || payload['type'] === 'renewal',
  handle: async ({ type, sellerId, subject }, { db, clock }) => {
    if (type === 'order.placed') await startForRenewal(db, clock, sellerId, subject.id as OrderId)
    else if (type === 'invoice.issued') await startForInvoice(db, clock, sellerId, subject.id)
    else {
      const about = { kind: type === 'invoice.paid' ? ('invoice' as const) : ('payment' as const), id: subject.id }
      await endDunning(db, clock, sellerId, about, type === 'payment.cancelled' ? 'cancelled' : 'paid')
    }
  },
}
