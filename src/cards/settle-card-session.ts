import type { Clock } from '../kernel/time.ts'
import { findReceipt, lockPayment, recordReceipt } from '../payments/index.ts'
import { systemLabel } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import type { CardGateway, GatewayCard, GatewaySession } from './gateway.ts'
import { keepCard } from './keep-card.ts'
import type { CardSession } from './schema.ts'
import { moveSession } from './store.ts'

const GATEWAY = systemLabel('card-gateway')

/**
 * Brings a session up to what the gateway says of it now. An event is only the reason to ask, so events that come twice,
 * late or out of order change nothing twice; the receipt carries the gateway's own reference, and the payment's row lock
 * makes it once. Money for a payment that no longer waits goes to the balance.
 *
 * @returns What became of the session.
 */
export async function settleCardSession(
  db: Db,
  clock: Clock,
  gateway: CardGateway,
  session: CardSession,
): Promise<CardSession['status']> {
  if (session.status !== 'open' || session.gatewayId === null) return session.status
  const truth = await gateway.readSession(session.gatewayId)
  if (truth.isPaid) {
    // Asked for before the books are: what the payer agreed to is done with the payment, or tried again with it.
    const card = session.agreedBy === null ? undefined : await gateway.keptCard(truth.id)
    await book(db, clock, session, truth, card)
    return 'paid'
  }
  const status = truth.status === 'expired' ? 'expired' : 'open'
  await moveSession(db, session, status, clock.now())
  return status
}

async function book(
  db: Db,
  clock: Clock,
  session: CardSession,
  truth: GatewaySession,
  card: GatewayCard | undefined,
): Promise<void> {
  if (truth.currency !== session.currency)
    throw new Error(`The gateway took ${truth.currency} for a payment in ${session.currency}`)
  await transaction(db, async (tx) => {
    const at = clock.now()
    const payment = await lockPayment(tx, session.sellerId, session.paymentId)
    if (!payment) throw new Error('A session names a payment that is there')
    const reference = truth.paymentReference ?? truth.id
    if (!(await findReceipt(tx, payment, reference)))
      await recordReceipt(
        tx,
        payment,
        { amountMinor: truth.amountMinor, reference, source: 'gateway', by: GATEWAY },
        at,
      )
    await moveSession(tx, session, 'paid', at)
    const { sellerId, agreedBy } = session
    if (card && agreedBy) await keepCard(tx, { sellerId, accountId: payment.accountId, card, agreedBy, at })
  })
}
