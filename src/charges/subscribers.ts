import type { SubscriptionId } from '../kernel/ids.ts'
import type { Catalog } from '../catalog/index.ts'
import { transaction } from '../platform/db.ts'
import type { Subscriber } from '../platform/events/subscriber.ts'
import { findMetered } from './metered-view.ts'
import { rateSubscription } from './rate-subscription.ts'
import { reviewCredit } from './review-credit.ts'
import { skipTo } from './store.ts'

/** Everything that moves a balance ends in one of these. */
const MONEY = [
  'payment.received',
  'payment.completed',
  'payment.cancelled',
  'order.completed',
  'order.cancelled',
  'usage.charged',
]
const LIFE = ['subscription.activated', 'subscription.stopped', 'subscription.resumed']

/** Money that moved, and services that stopped or run again: the account is looked at anew. */
export const chargeSubscribers = (catalog: Catalog): Subscriber[] => [
  {
    name: 'credit-review',
    on: [...MONEY, ...LIFE],
    handle: async ({ sellerId, tenantId }, { db, clock }) => {
      if (tenantId) await reviewCredit(db, clock, sellerId, tenantId)
    },
  },
  {
    name: 'usage-rating',
    on: ['subscription.stopped', 'subscription.resumed'],
    handle: async (event, { db, clock }) => {
      const key = { sellerId: event.sellerId, id: event.subject.id as SubscriptionId }
      if (event.type === 'subscription.resumed') {
        await transaction(db, (tx) => skipTo(tx, key.sellerId, key.id, event.at))
        return
      }
      // The hours that ended before it stopped are still to be paid for.
      const subscription = await findMetered(db, key.sellerId, key.id)
      if (subscription) while ((await rateSubscription(db, clock, catalog, subscription, event.at)) > 0);
    },
  },
]
