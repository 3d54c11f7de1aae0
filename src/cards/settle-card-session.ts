import type { Clock } from '../kernel/time.ts'
import type { Db } from '../platform/db.ts'
import { bookPaidSessions, type PaidSession } from './book-paid-sessions.ts'
import type { CardGateway } from './gateway.ts'
import type { CardSession } from './schema.ts'
import { moveSession } from './store.ts'

/**
 * Brings a session up to what the gateway says of it now. An event is only the reason to ask, so events that come twice,
 * late or out of order change nothing twice; the receipt carries the gateway's own reference, and the payment's row lock
 * makes it once. Money for a payment that no longer waits goes to the balance.
 *
 * @param book Books a session that was paid; by itself where nothing else is given.
 * @returns What became of the session.
 */
export async function settleCardSession(
  db: Db,
  clock: Clock,
  gateway: CardGateway,
  session: CardSession,
  book: (paid: PaidSession) => Promise<void> = (paid) => bookPaidSessions(db, session.sellerId, [paid]),
): Promise<CardSession['status']> {
  if (session.status !== 'open' || session.gatewayId === null) return session.status
  const truth = await gateway.readSession(session.gatewayId)
  if (truth.isPaid) {
    if (truth.currency !== session.currency)
      throw new Error(`The gateway took ${truth.currency} for a payment in ${session.currency}`)
    // Asked for before the books are: what the payer agreed to is done with the payment, or tried again with it.
    const card = session.agreedBy === null ? undefined : await gateway.keptCard(truth.id)
    await book({ session, truth, card, at: clock.now() })
    return 'paid'
  }
  const status = truth.status === 'expired' ? 'expired' : 'open'
  await moveSession(db, session, status, clock.now())
  return status
}
