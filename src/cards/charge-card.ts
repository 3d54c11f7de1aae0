import { BuylinkError, invariant } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import { formatAmount } from '../kernel/money.ts'
import type { Clock } from '../kernel/time.ts'
import { assertInTurn, findPayment, findReceipt, lockPayment, recordReceipt } from '../payments/index.ts'
import { isOpen, outstandingMinor } from '../payments/rules.ts'
import type { Payment } from '../payments/schema.ts'
import { type ActorLabel, systemLabel } from '../platform/actor.ts'
import { crashPoint } from '../platform/crash-points.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { chargesOf, findCharge, insertCharge, isSettledCharge, moveCharge, noteChargeId } from './charge-store.ts'
import type { CardGateway, GatewayCharge } from './gateway.ts'
import { askForPage } from './open-card-session.ts'
import { cardsOf, findCard, findHolder } from './saved-store.ts'
import type { CardCharge } from './schema.ts'
import { settleCardSession } from './settle-card-session.ts'
import { openSessionsOf } from './store.ts'

const GATEWAY = systemLabel('card-gateway')

/**
 * Begins to charge what is outstanding of a locked payment to a saved card: writes that it will be, nothing more. Carried
 * out by {@link settleCharge}, however often that is tried.
 *
 * @param request.cause Names why; asked for again, it is the same charge.
 * @param request.cardId Another card than the default one.
 * @returns undefined where the account has no such card, or the payment no longer waits.
 * @throws {BuylinkError} `conflict` where another payment comes first.
 */
export async function beginCharge(
  tx: Tx,
  payment: Payment,
  request: { readonly cause: string; readonly cardId?: string | undefined; readonly by: ActorLabel },
  at: Date,
): Promise<CardCharge | undefined> {
  const earlier = await chargesOf(tx, payment.sellerId, payment.id)
  const same = earlier.find((charge) => charge.cause === request.cause || !isSettledCharge(charge))
  if (same) return same
  if (!isOpen(payment) || outstandingMinor(payment) === 0n) return undefined
  await assertInTurn(tx, payment)
  const cards = await cardsOf(tx, payment)
  const card = cards.find(({ id, isDefault }) => (request.cardId === undefined ? isDefault : id === request.cardId))
  if (!card) return undefined
  const charge: CardCharge = {
    sellerId: payment.sellerId,
    id: newId(),
    paymentId: payment.id,
    cardId: card.id,
    cause: request.cause,
    status: 'asked',
    amountMinor: outstandingMinor(payment),
    currency: payment.currency,
    gatewayId: null,
    message: '',
    createdAt: at,
  }
  await insertCharge(tx, charge)
  await audit(tx, {
    ...aboutPayment(payment, request.by, at),
    action: 'payment.charge_card',
    details: { card: card.last4, amount: formatAmount(charge.amountMinor, charge.currency), currency: charge.currency },
  })
  return charge
}

/**
 * Carries a charge out and brings it up to what the gateway says of it now. Safe to run again at any point, by several
 * processes: the gateway makes it once under its key, carries it out once by its state, and the receipt carries the
 * gateway's own reference. A page on which the same could be paid is closed before.
 * Publishes `payment.card_refused` where the card's bank said no, or wants its holder to agree.
 *
 * @returns What became of it.
 * @throws {BuylinkError} `gateway_unavailable`: to be asked again.
 */
export async function settleCharge(
  db: Db,
  clock: Clock,
  gateway: CardGateway,
  charge: CardCharge,
): Promise<CardCharge['status']> {
  if (isSettledCharge(charge)) return charge.status
  try {
    let truth = await find(db, clock, gateway, charge)
    if (truth.status === 'ready') {
      const isOwed = await closePages(db, clock, gateway, charge)
      crashPoint('card.charge_prepared')
      const key = `${charge.id}-confirm`
      truth = isOwed
        ? await gateway.carryOutCharge({ idempotencyKey: key, id: truth.id })
        : await gateway.cancelCharge(truth.id)
      crashPoint('card.charged')
    }
    if (truth.status === 'ready') throw new Error('A charge that was carried out is not ready')
    return await record(db, clock, charge, { ...truth, status: truth.status })
  } catch (error) {
    // Not even made: the gateway no longer knows the card, or takes no such amount.
    if (!(error instanceof BuylinkError && error.code === 'gateway_refused')) throw error
    return record(db, clock, charge, { status: 'declined', message: error.message })
  }
}

async function find(db: Db, clock: Clock, gateway: CardGateway, charge: CardCharge): Promise<GatewayCharge> {
  if (charge.gatewayId !== null) return gateway.readCharge(charge.gatewayId)
  const card = await findCard(db, charge.sellerId, charge.cardId)
  const holderId = card && (await findHolder(db, card))
  const payment = await findPayment(db, charge.sellerId, charge.paymentId)
  invariant(card && holderId && payment, 'a charge names a card and a payment that are there')
  const made = await gateway.prepareCharge({
    idempotencyKey: charge.id,
    holderId,
    cardId: card.gatewayId,
    amountMinor: charge.amountMinor,
    currency: charge.currency,
    description: payment.number,
  })
  await noteChargeId(db, charge, made.id, clock.now())
  // Of two that made one after the gateway forgot the key, the first that was noted is the one.
  const noted = (await findCharge(db, charge.sellerId, charge.id))?.gatewayId
  return noted && noted !== made.id ? gateway.readCharge(noted) : made
}

/** Closes the pages on which the payment could be paid too. @returns Whether it is owed still. */
async function closePages(db: Db, clock: Clock, gateway: CardGateway, charge: CardCharge): Promise<boolean> {
  for (const session of await openSessionsOf(db, charge.sellerId, charge.paymentId)) {
    // One that was being opened just now has no name yet: asked for again, the gateway tells it.
    const gatewayId = session.gatewayId ?? (await askForPage(db, clock, gateway, session)).id
    await gateway.expireSession(gatewayId)
    await settleCardSession(db, clock, gateway, { ...session, gatewayId })
  }
  const payment = await findPayment(db, charge.sellerId, charge.paymentId)
  return payment !== undefined && isOpen(payment) && outstandingMinor(payment) >= charge.amountMinor
}

interface Outcome {
  readonly id?: string
  readonly status: Exclude<GatewayCharge['status'], 'ready'>
  readonly message: string
}

async function record(
  db: Db,
  clock: Clock,
  charge: CardCharge,
  { id, status, message }: Outcome,
): Promise<CardCharge['status']> {
  return transaction(db, async (tx) => {
    const at = clock.now()
    const payment = await lockPayment(tx, charge.sellerId, charge.paymentId)
    invariant(payment, 'a charge names a payment that is there')
    const isFirst = await moveCharge(tx, charge, status, message, at)
    const { amountMinor } = charge
    if (status === 'paid' && id !== undefined && !(await findReceipt(tx, payment, id)))
      await recordReceipt(tx, payment, { amountMinor, reference: id, source: 'gateway', by: GATEWAY }, at)
    if (isFirst && (status === 'declined' || status === 'needs_payer'))
      await tellRefused(tx, payment, charge, status, message, at)
    return status
  })
}

async function tellRefused(
  tx: Tx,
  payment: Payment,
  charge: CardCharge,
  status: 'declined' | 'needs_payer',
  message: string,
  at: Date,
): Promise<void> {
  const card = await findCard(tx, charge.sellerId, charge.cardId)
  await publish(tx, {
    ...aboutPayment(payment, GATEWAY, at),
    type: 'payment.card_refused',
    payload: {
      payment_id: payment.id,
      order_id: payment.orderId,
      number: payment.number,
      purpose: payment.purpose,
      card_brand: card?.brand ?? '',
      card_last4: card?.last4 ?? '',
      needs_payer: status === 'needs_payer',
      message,
      amount: formatAmount(charge.amountMinor, charge.currency),
      currency: charge.currency,
    },
  })
}

const aboutPayment = (payment: Payment, actor: ActorLabel, at: Date) => ({
  sellerId: payment.sellerId,
  subject: { kind: 'payment', id: payment.id },
  tenantId: payment.accountId,
  actor,
  correlationId: payment.correlationId,
  at,
})
