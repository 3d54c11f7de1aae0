import { BuylinkError, invariant } from '../kernel/errors.ts'
import { newId, type PaymentId, type SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { assertInTurn, findPayment, lockPayment } from '../payments/index.ts'
import { isOpen, outstandingMinor } from '../payments/rules.ts'
import type { ActorLabel } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { chargesOf, isSettledCharge } from './charge-store.ts'
import type { CardGateway, GatewaySession } from './gateway.ts'
import { gatewayExpiryOf, LIFE_MS, SPARE_MS } from './page-life.ts'
import { noteAnswer } from './page-store.ts'
import { findHolder } from './saved-store.ts'
import type { CardSession } from './schema.ts'
import { insertSession, openSessionsOf } from './store.ts'

export interface CardPage {
  readonly url: string
  readonly expiresAt: Date
}

/**
 * Opens the gateway's page for what is outstanding of a payment; while it is open, the same page is given again. The
 * session is written before the gateway is asked and its id is the gateway's idempotency key, so a crash in between
 * leads back to the one page.
 *
 * @param request.returnUrl Where the gateway leads the payer back to, paid or not.
 * @throws {BuylinkError} `not_found`; `conflict` when it no longer waits; `gateway_refused`; `gateway_unavailable`.
 */
export async function openCardSession(
  db: Db,
  clock: Clock,
  gateway: CardGateway,
  request: {
    readonly sellerId: SellerId
    readonly paymentId: PaymentId
    readonly returnUrl: string
    /** Set where the payer agreed that the card is kept and charged for renewals and due invoices. */
    readonly keepFor?: { readonly holderId: string; readonly agreedBy: ActorLabel } | undefined
  },
): Promise<CardPage> {
  const session = await transaction(db, async (tx) => {
    const payment = await lockPayment(tx, request.sellerId, request.paymentId)
    if (!payment) throw new BuylinkError('not_found', 'There is no such payment.')
    if (!isOpen(payment)) throw new BuylinkError('conflict', 'This payment no longer waits.')
    await assertInTurn(tx, payment)
    const at = clock.now()
    const amountMinor = outstandingMinor(payment)
    const charges = await chargesOf(tx, payment.sellerId, payment.id)
    if (charges.some((charge) => !isSettledCharge(charge)))
      throw new BuylinkError('conflict', 'This payment is being charged to a saved card just now.')
    const open = await openSessionsOf(tx, payment.sellerId, payment.id)
    const usable = open.find(
      (other) =>
        other.amountMinor === amountMinor &&
        (other.agreedBy === null) === (request.keepFor === undefined) &&
        other.expiresAt.getTime() > at.getTime() + SPARE_MS,
    )
    if (usable) return usable
    const fresh: CardSession = {
      sellerId: payment.sellerId,
      id: newId(),
      paymentId: payment.id,
      gatewayId: null,
      url: null,
      status: 'open',
      amountMinor,
      currency: payment.currency,
      returnUrl: request.returnUrl,
      agreedBy: request.keepFor?.agreedBy ?? null,
      expiresAt: new Date(at.getTime() + LIFE_MS),
    }
    await insertSession(tx, fresh, at)
    return fresh
  })
  if (session.url !== null) return { url: session.url, expiresAt: session.expiresAt }
  const answer = await askForPage(db, clock, gateway, session)
  if (answer.url === null) throw new BuylinkError('conflict', 'This payment is being settled already.')
  return { url: answer.url, expiresAt: session.expiresAt }
}

/** Asks the gateway for the page of a session, which is the same page however often it is asked for. */
export async function askForPage(
  db: Db,
  clock: Clock,
  gateway: CardGateway,
  session: CardSession,
): Promise<GatewaySession> {
  const { sellerId, paymentId, agreedBy } = session
  const payment = await findPayment(db, sellerId, paymentId)
  invariant(payment, 'a session names a payment that is there')
  const answer = await gateway.openSession({
    idempotencyKey: session.id,
    amountMinor: session.amountMinor,
    currency: session.currency,
    description: payment.number,
    reference: payment.number,
    returnUrl: session.returnUrl,
    expiresAt: gatewayExpiryOf(session.id),
    holderId: agreedBy === null ? undefined : await findHolder(db, payment),
  })
  await noteAnswer(db, 'card_sessions', session, { gatewayId: answer.id, url: answer.url }, clock.now())
  return answer
}
