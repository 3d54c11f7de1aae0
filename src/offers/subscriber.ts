import { systemLabel } from '../platform/actor.ts'
import { transaction } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import type { Subscriber } from '../platform/events/subscriber.ts'
import { findOfferOfOrder } from './offers-view.ts'
import { reversedOrder } from './personal-view.ts'
import { lowerPersonal, raisePersonal } from './raise-personal.ts'
import { markRaised } from './store.ts'

/**
 * An offer is done when the last of its orders is: the customer's quotas are raised by then, and the user's own rise
 * with them. When an order of it is taken back, these fall again.
 */
export const offerSubscriber: Subscriber = {
  name: 'offer-orders',
  on: ['order.completed'],
  handle: async ({ sellerId, subject, correlationId }, { db, clock }) => {
    await transaction(db, async (tx) => {
      const undone = await reversedOrder(tx, sellerId, subject.id)
      if (undone) await lowerPersonal(tx, clock, { sellerId, correlationId }, undone)
    })
    const offer = await findOfferOfOrder(db, sellerId, subject.id)
    if (!offer || offer.unfinished > 0) return
    const at = clock.now()
    await transaction(db, async (tx) => {
      if (!(await markRaised(tx, sellerId, offer.id, at))) return
      await raisePersonal(tx, clock, { sellerId, correlationId: offer.correlationId }, offer.id)
      await publish(tx, {
        sellerId,
        subject: { kind: 'offer', id: offer.id },
        tenantId: offer.accountId,
        actor: systemLabel('offers'),
        correlationId: offer.correlationId,
        at,
        type: 'offer.fulfilled',
        payload: { offer_id: offer.id, account_id: offer.accountId },
      })
    })
  },
}
