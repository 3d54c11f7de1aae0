import type { SubscriptionId } from '../kernel/ids.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Subscriber } from '../platform/events/subscriber.ts'
import { findMetered } from './metered-view.ts'
import { forgetHoldPayment } from './forget-hold-payment.ts'
import { rateSubscription } from './rate-subscription.ts'
import { reviewCredit } from './review-credit.ts'

/** Everything that moves a balance ends in one of these. */
const MONEY = [
  'payment.received',
  'payment.completed',
  'payment.cancelled',
  'payment.refunded',
  'order.completed',
  'order.cancelled',
  'usage.charged',
]
const LIFE = ['subscription.activated', 'subscription.stopped', 'subscription.resumed', 'subscription.restored']

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
    // What was asked for to end it, and was not what ended it.
    name: 'hold-payments',
    on: ['account.credit_hold_ended'],
    handle: async ({ sellerId, tenantId }, { db, clock }) => {
      if (tenantId) await forgetHoldPayment(db, clock, sellerId, tenantId)
    },
  },
  {
    // The hours that ended before it stopped are still to be paid for.
    name: 'usage-rating',
    on: ['subscription.stopped'],
    handle: async ({ sellerId, subject }, { db, clock }) => {
      const subscription = await findMetered(db, sellerId, subject.id as SubscriptionId)
      if (subscription) while ((await rateSubscription(db, clock, catalog, subscription)) > 0);
    },
  },
]
