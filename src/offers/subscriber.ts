import { systemLabel } from '../platform/actor.ts'
import { transaction } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import type { Subscriber } from '../platform/events/subscriber.ts'
import { findOfferOfOrder } from './offers-view.ts'
import { markRaised } from './store.ts'

/** An offer is done when the last of its orders is: the quotas are raised by then. */
export const offerSubscriber: Subscriber = {
  name: 'offer-orders',
  on: ['order.completed'],
  handle: async (event, { db, clock }) => {
    const offer = await findOfferOfOrder(db, event.sellerId, event.subject.id)
    if (!offer || offer.unfinished > 0) return
    const at = clock.now()
    await transaction(db, async (tx) => {
      if (!(await markRaised(tx, event.sellerId, offer.id, at))) return
      await publish(tx, {
        sellerId: event.sellerId,
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
