import type { PaymentId } from '../kernel/ids.ts'
import { type Clock, MINUTE_MS } from '../kernel/time.ts'
import type { Db } from '../platform/db.ts'
import type { Subscriber } from '../platform/events/subscriber.ts'
import type { ClockOf } from '../platform/seller-clocks.ts'
import type { CardGateway } from './gateway.ts'
import { settleCharge } from './charge-card.ts'
import { silentCharges } from './charge-store.ts'
import { checkSilentSetups } from './open-card-setup.ts'
import { findCard } from './saved-store.ts'
import { settleCardSession } from './settle-card-session.ts'
import { openSessionsOf, silentSessions } from './store.ts'

/** A webhook that has not come by then may never come. */
const SILENT_AFTER_MS = 10 * MINUTE_MS

/**
 * Asks the gateway about pages and charges that nothing was heard of; one that cannot be asked now is asked the next time.
 *
 * @param clock The machine's: how long nothing was heard.
 * @param clockOf Of a seller: when what is found out happens in its books.
 */
export async function checkSilentSessions(db: Db, clock: Clock, clockOf: ClockOf, gateway: CardGateway): Promise<void> {
  const before = new Date(clock.now().getTime() - SILENT_AFTER_MS)
  const results = []
  for (const session of await silentSessions(db, before, 100))
    results.push(
      await settleCardSession(db, clockOf(session.sellerId), gateway, session).catch((error: unknown) => error),
    )
  for (const charge of await silentCharges(db, before, 100))
    results.push(await settleCharge(db, clockOf(charge.sellerId), gateway, charge).catch((error: unknown) => error))
  results.push(...(await checkSilentSetups(db, clockOf, gateway, before)))
  const failure = results.find((result) => result instanceof Error)
  if (failure) throw failure
}

/**
 * A payment that was cancelled must not be paid any more; where somebody has just paid, the money goes to the balance. A
 * card that was removed is forgotten by the gateway too.
 */
export const cardSubscriber = (gateway: CardGateway): Subscriber => ({
  name: 'card-sessions',
  on: ['payment.cancelled', 'payment.completed', 'card.removed'],
  handle: async ({ sellerId, subject, type }, { db, clock }) => {
    if (type === 'card.removed') {
      const card = await findCard(db, sellerId, subject.id)
      if (card) await gateway.forgetCard(card.gatewayId)
      return
    }
    for (const session of await openSessionsOf(db, sellerId, subject.id as PaymentId)) {
      if (session.gatewayId !== null) await gateway.expireSession(session.gatewayId)
      await settleCardSession(db, clock, gateway, session)
    }
  },
})
