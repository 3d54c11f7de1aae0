import { post } from '../ledger/index.ts'
import type { ActorLabel } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { isOpen, releaseEntries } from './rules.ts'
import type { Payment } from './schema.ts'
import { savePayment } from './store.ts'

/**
 * Cancels a locked payment that still waits; what had arrived for it goes to the account's balance.
 * @returns false where it was no longer open, and nothing was done.
 */
export async function cancelPayment(
  tx: Tx,
  payment: Payment,
  actor: ActorLabel,
  reason: string,
  at: Date,
): Promise<boolean> {
  if (!isOpen(payment)) return false
  const about = {
    sellerId: payment.sellerId,
    subject: { kind: 'payment', id: payment.id },
    tenantId: payment.accountId,
    actor,
    correlationId: payment.correlationId,
    at,
  }
  if (payment.receivedMinor > 0n) {
    await post(tx, {
      sellerId: payment.sellerId,
      kind: 'payment_released',
      naturalKey: `payment_released:${payment.id}`,
      currency: payment.currency,
      entries: releaseEntries(payment, payment.receivedMinor),
      accountId: payment.accountId,
      orderId: payment.orderId,
      paymentId: payment.id,
      correlationId: payment.correlationId,
      at,
    })
  }
  await savePayment(tx, payment, { status: 'cancelled', receivedMinor: payment.receivedMinor, at, closed: true })
  const payload = { payment_id: payment.id, order_id: payment.orderId, purpose: payment.purpose, reason }
  await publish(tx, { ...about, type: 'payment.cancelled', payload })
  await audit(tx, { ...about, action: 'payment.cancel', details: payload })
  return true
}
