import { BuylinkError } from '../kernel/errors.ts'
import { newId, type PaymentId, type SellerId } from '../kernel/ids.ts'
import { type Clock, HOUR_MS, MINUTE_MS } from '../kernel/time.ts'
import { lockPayment } from '../payments/index.ts'
import { isOpen, outstandingMinor } from '../payments/rules.ts'
import { type Db, transaction } from '../platform/db.ts'
import type { CardGateway } from './gateway.ts'
import type { CardSession } from './schema.ts'
import { insertSession, noteAnswer, openSessionsOf } from './store.ts'

/** As long as a customer may take on the gateway's page (the gateway allows 30 minutes to 24 hours). */
const LIFE_MS = 2 * HOUR_MS
/** One that ends sooner is not handed out again: the payer needs time, and the gateway asks for 30 minutes. */
const SPARE_MS = 40 * MINUTE_MS

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
  request: { readonly sellerId: SellerId; readonly paymentId: PaymentId; readonly returnUrl: string },
): Promise<CardPage> {
  const { session, reference } = await transaction(db, async (tx) => {
    const payment = await lockPayment(tx, request.sellerId, request.paymentId)
    if (!payment) throw new BuylinkError('not_found', 'There is no such payment.')
    if (!isOpen(payment)) throw new BuylinkError('conflict', 'This payment no longer waits.')
    const at = clock.now()
    const amountMinor = outstandingMinor(payment)
    const open = await openSessionsOf(tx, payment.sellerId, payment.id)
    const usable = open.find(
      (other) => other.amountMinor === amountMinor && other.expiresAt.getTime() > at.getTime() + SPARE_MS,
    )
    if (usable) return { session: usable, reference: payment.number }
    const fresh: CardSession = {
      sellerId: payment.sellerId,
      id: newId(at.getTime()),
      paymentId: payment.id,
      gatewayId: null,
      url: null,
      status: 'open',
      amountMinor,
      currency: payment.currency,
      returnUrl: request.returnUrl,
      expiresAt: new Date(at.getTime() + LIFE_MS),
    }
    await insertSession(tx, fresh, at)
    return { session: fresh, reference: payment.number }
  })
  if (session.url !== null) return { url: session.url, expiresAt: session.expiresAt }
  const answer = await gateway.openSession({
    idempotencyKey: session.id,
    amountMinor: session.amountMinor,
    currency: session.currency,
    description: reference,
    reference,
    returnUrl: session.returnUrl,
    expiresAt: session.expiresAt,
  })
  await noteAnswer(db, session, { gatewayId: answer.id, url: answer.url }, clock.now())
  if (answer.url === null) throw new BuylinkError('conflict', 'This payment is being settled already.')
  return { url: answer.url, expiresAt: session.expiresAt }
}
