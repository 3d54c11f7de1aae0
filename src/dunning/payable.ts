import { type CorrelationId, newId } from '../kernel/ids.ts'
import { formatAmount } from '../kernel/money.ts'
import { cancelPayment, insertTopup, lockPayment } from '../payments/index.ts'
import { isOpen, isSettled, outstandingMinor } from '../payments/rules.ts'
import type { Payment } from '../payments/schema.ts'
import { systemLabel } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import type { Dunning } from './schema.ts'
import { findOwed, type Owed } from './subject-view.ts'

const ACTOR = systemLabel('dunning')

/**
 * The payment by which what is asked for can be paid, its row locked. Of an invoice it is a top-up of what is owed by now,
 * made anew where that has changed: paid, the balance settles the invoice.
 *
 * @returns Why there is none, where nothing is owed any more.
 */
export async function lockPayable(tx: Tx, dunning: Dunning, at: Date): Promise<Payment | 'paid' | 'cancelled'> {
  const { sellerId, subjectKind, subjectId, paymentId } = dunning
  const payment = paymentId ? await lockPayment(tx, sellerId, paymentId) : undefined
  if (subjectKind === 'payment') {
    if (payment && isOpen(payment)) return payment
    return payment && isSettled(payment) ? 'paid' : 'cancelled'
  }
  const owed = await findOwed(tx, sellerId, subjectId)
  if (!owed) return 'paid'
  // Its money is there, and the balance is about to settle the invoice.
  if (payment && isSettled(payment) && payment.totalMinor >= owed.owedMinor) return 'paid'
  if (payment && isOpen(payment)) {
    if (outstandingMinor(payment) === owed.owedMinor) return payment
    await cancelPayment(tx, payment, ACTOR, 'Another amount is owed by now.', at)
  }
  return (await request(tx, dunning, owed, at)) ?? 'cancelled'
}

async function request(tx: Tx, { sellerId, accountId }: Dunning, owed: Owed, at: Date): Promise<Payment | undefined> {
  const id = newId<Payment['id']>(at.getTime())
  const correlationId = newId<CorrelationId>(at.getTime())
  const { currency, owedMinor } = owed
  const description = owed.number
  const number = await insertTopup(tx, {
    sellerId,
    id,
    accountId,
    currency,
    totalMinor: owedMinor,
    description,
    correlationId,
    at,
  })
  await publish(tx, {
    sellerId,
    subject: { kind: 'payment', id },
    tenantId: accountId,
    actor: ACTOR,
    correlationId,
    at,
    type: 'payment.requested',
    payload: {
      payment_id: id,
      account_id: accountId,
      number,
      purpose: 'top_up',
      total: formatAmount(owedMinor, currency),
      currency,
    },
  })
  return lockPayment(tx, sellerId, id)
}
