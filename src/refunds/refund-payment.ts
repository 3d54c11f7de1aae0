import { paidByCard } from '../cards/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import { type CorrelationId, newId, type OrderId, type PaymentId, type SellerId } from '../kernel/ids.ts'
import { formatAmount, type Money } from '../kernel/money.ts'
import type { Clock } from '../kernel/time.ts'
import { incomeOf, lockBalance, post } from '../ledger/index.ts'
import { cancelSubscription, lockOrder, undoChange } from '../orders/index.ts'
import { lockPayment, noteRefund, orderOfPayment } from '../payments/index.ts'
import { isSettled } from '../payments/rules.ts'
import type { Payment } from '../payments/schema.ts'
import { type ActorLabel, actorLabel, type Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { takeSequence } from '../platform/numbers.ts'
import { balanceRefundEntries, type Income, orderRefundEntries, splitRefund } from './rules.ts'
import type { Refund, RefundEffect, RefundMethod } from './schema.ts'
import { insertRefund, refundsOf } from './store.ts'

export interface RefundRequest {
  readonly sellerId: SellerId
  readonly paymentId: PaymentId
  /** By default all that can go back. */
  readonly amount: Money | undefined
  readonly method: RefundMethod
  readonly effect: RefundEffect
  readonly reason: string
  /** The version the caller saw; another one is refused. */
  readonly expectedVersion: bigint | undefined
}

/** What of a payment can go back now, and where it lies. */
export interface Refundable extends Income {
  readonly totalMinor: bigint
}

/**
 * Gives money of a payment back: of an order what the books still hold of it as income, of a top-up what the balance
 * still has of it. The locks of order and payment queue those who ask, so two at once never give back more than was
 * paid; the payments table refuses it too. Taking a change back waits for the service, by the order that undoes it;
 * money for a card is sent by whoever hears the event.
 * Publishes `payment.refunded` once the money has moved, from which the credit note comes.
 *
 * @throws {BuylinkError} `not_found`; `version_mismatch`; `conflict` where there is nothing to give back, another refund
 *   waits, or the subscription does not allow the effect; `amount_invalid`; `balance_too_low`; `order_unfinished`.
 */
export async function refundPayment(db: Db, clock: Clock, actor: Principal, request: RefundRequest): Promise<Refund> {
  const { sellerId, paymentId } = request
  return transaction(db, async (tx) => {
    const payment = await lockInOrder(tx, sellerId, paymentId)
    if (request.expectedVersion !== undefined && request.expectedVersion !== payment.version)
      throw new BuylinkError('version_mismatch', 'Somebody changed this payment meanwhile. Load it again.')
    const earlier = await refundsOf(tx, sellerId, paymentId)
    if (earlier.some(({ status }) => status === 'waiting'))
      throw new BuylinkError('conflict', 'Another refund of this payment waits for its service.')
    const left = await refundableOf(tx, payment)
    const amountMinor = amountOf(payment, left, request)
    const at = clock.now()
    const refund: Refund = {
      sellerId,
      id: newId(at.getTime()),
      number: `RF${(await takeSequence(tx, sellerId, 'refund')).toString().padStart(6, '0')}`,
      paymentId,
      orderId: payment.orderId,
      accountId: payment.accountId,
      method: request.method,
      status: request.method === 'card' ? 'sending' : 'completed',
      effect: request.effect,
      amountMinor,
      currency: payment.currency,
      reason: request.reason,
      cardSessionId: request.method === 'card' ? await sessionFor(tx, payment, earlier, amountMinor) : null,
      gatewayId: null,
      reversalOrderId: null,
      message: '',
      correlationId: newId<CorrelationId>(at.getTime()),
    }
    const agreed = await carryOut(tx, clock, actor, payment, left, refund)
    await insertRefund(tx, agreed, actorLabel(actor), at)
    if (agreed.status !== 'waiting') await tell(tx, agreed, actor, at)
    await audit(tx, { ...about(agreed, actor, at), action: 'payment.refund', details: payloadOf(agreed) })
    return agreed
  })
}

/** Locks the order before its payment, as orders do. */
export async function lockInOrder(tx: Tx, sellerId: SellerId, paymentId: PaymentId): Promise<Payment> {
  const orderId = await orderOfPayment(tx, sellerId, paymentId)
  if (orderId) await lockOrder(tx, sellerId, orderId)
  const payment = await lockPayment(tx, sellerId, paymentId)
  if (!payment) throw new BuylinkError('not_found', 'There is no such payment.')
  return payment
}

/** What can go back of a payment whose row is locked. */
export async function refundableOf(tx: Tx, payment: Payment): Promise<Refundable> {
  const none = { netMinor: 0n, taxMinor: 0n, totalMinor: 0n }
  if (!isSettled(payment)) return none
  const ofPayment = payment.totalMinor - payment.refundedMinor
  if (payment.purpose === 'top_up') {
    const balance = await lockBalance(tx, payment)
    const has = balance < ofPayment ? balance : ofPayment
    return has > 0n ? { netMinor: has, taxMinor: 0n, totalMinor: has } : none
  }
  const income = payment.orderId && (await incomeOf(tx, payment.sellerId, payment.orderId))
  const total = income ? income.netMinor + income.taxMinor : 0n
  return income && total > 0n ? { ...income, totalMinor: total < ofPayment ? total : ofPayment } : none
}

function amountOf(payment: Payment, { totalMinor }: Refundable, { amount, method, effect }: RefundRequest): bigint {
  const most = `${formatAmount(totalMinor, payment.currency)} ${payment.currency}`
  if (totalMinor === 0n) throw new BuylinkError('conflict', 'Nothing of this payment can be given back.')
  if (payment.purpose === 'top_up' && method === 'balance')
    throw new BuylinkError('unprocessable', 'A top-up is on the balance already.')
  if (amount === undefined) return totalMinor
  if (amount.currency !== payment.currency)
    throw new BuylinkError('amount_invalid', `This payment is in ${payment.currency}, not ${amount.currency}.`)
  if (amount.amountMinor <= 0n) throw new BuylinkError('amount_invalid', 'The amount must be more than 0.')
  if (amount.amountMinor > totalMinor)
    throw new BuylinkError('amount_invalid', `Of this payment ${most} can be given back.`, {
      extra: { refundable: { amount: formatAmount(totalMinor, payment.currency), currency: payment.currency } },
    })
  if (effect === 'take_back' && amount.amountMinor !== totalMinor)
    throw new BuylinkError('amount_invalid', `What is taken back is given back whole: ${most}.`)
  return amount.amountMinor
}

/** The page or the charge by which so much was paid by card and has not gone back yet. */
async function sessionFor(tx: Tx, payment: Payment, earlier: readonly Refund[], amountMinor: bigint): Promise<string> {
  const sessions = await paidByCard(tx, payment.sellerId, payment.id)
  const left = sessions.map(({ id, amountMinor: paid }) => {
    const gone = earlier.filter(({ cardSessionId, status }) => cardSessionId === id && status !== 'to_balance')
    return { id, leftMinor: gone.reduce((sum, refund) => sum - refund.amountMinor, paid) }
  })
  const session = left.find(({ leftMinor }) => leftMinor >= amountMinor)
  if (session) return session.id
  const most = left.reduce((max, { leftMinor }) => (leftMinor > max ? leftMinor : max), 0n)
  if (most === 0n) throw new BuylinkError('conflict', 'Nothing of this payment was paid by card.')
  throw new BuylinkError(
    'amount_invalid',
    `By card ${formatAmount(most, payment.currency)} ${payment.currency} can go back at once.`,
  )
}

/** Moves the money and what was bought with it, or begins to. */
async function carryOut(
  tx: Tx,
  clock: Clock,
  actor: Principal,
  payment: Payment,
  left: Refundable,
  refund: Refund,
): Promise<Refund> {
  const { sellerId, orderId, effect, method, accountId, amountMinor } = refund
  if (effect !== 'none' && !orderId)
    throw new BuylinkError('unprocessable', 'A top-up bought nothing that could be taken back.')
  if (effect === 'take_back' && orderId) {
    const reversalOrderId: OrderId = await undoChange(tx, clock, actor, sellerId, orderId)
    return { ...refund, status: 'waiting', reversalOrderId }
  }
  if (effect === 'stop' && payment.subscriptionId)
    await cancelSubscription({ db: tx, clock, actor }, { sellerId, id: payment.subscriptionId }, 'now')
  const isOrder = payment.purpose === 'order'
  await noteRefund(tx, payment, amountMinor, clock.now())
  await post(tx, {
    ...postingOf(refund, clock.now()),
    kind: isOrder ? 'payment_refunded' : 'topup_refunded',
    naturalKey: `payment_refunded:${refund.id}`,
    entries: isOrder
      ? orderRefundEntries(method, accountId, splitRefund(amountMinor, left))
      : balanceRefundEntries(method, accountId, amountMinor),
  })
  return refund
}

/** What every posting of a refund says. */
export const postingOf = (refund: Refund, at: Date) => ({
  sellerId: refund.sellerId,
  currency: refund.currency,
  accountId: refund.accountId,
  orderId: refund.orderId,
  paymentId: refund.paymentId,
  correlationId: refund.correlationId,
  at,
})

const about = (refund: Refund, actor: ActorLabel, at: Date) => ({
  sellerId: refund.sellerId,
  subject: { kind: 'payment', id: refund.paymentId },
  tenantId: refund.accountId,
  actor,
  correlationId: refund.correlationId,
  at,
})

const payloadOf = (refund: Refund) => ({
  refund_id: refund.id,
  payment_id: refund.paymentId,
  order_id: refund.orderId,
  account_id: refund.accountId,
  number: refund.number,
  method: refund.method,
  effect: refund.effect,
  amount: formatAmount(refund.amountMinor, refund.currency),
  currency: refund.currency,
  reason: refund.reason,
})

/** Money of a payment went back: tells the books' readers, the credit note and whoever sends it to the card. */
export const tell = (tx: Tx, refund: Refund, actor: ActorLabel, at: Date): Promise<void> =>
  publish(tx, { ...about(refund, actor, at), type: 'payment.refunded', payload: payloadOf(refund) })
