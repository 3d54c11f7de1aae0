import { newId } from '../kernel/ids.ts'
import { formatAmount } from '../kernel/money.ts'
import { post } from '../ledger/index.ts'
import { type ActorLabel, actorLabel } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import { isOpen, lateEntries, type MoneySource, receiptEntries, receive, settledEntries } from './rules.ts'
import type { Payment } from './schema.ts'
import { addReceipt, savePayment } from './store.ts'

export interface ArrivedMoney {
  readonly amountMinor: bigint
  /** Of the bank or the gateway, unique for the payment: the same one twice is the same money, which the caller checks. */
  readonly reference: string
  readonly source: MoneySource
  /** Who says so: a person, or the gateway itself. */
  readonly by: ActorLabel
}

/**
 * Books money that arrived for a locked payment, whatever its status: parts add up, enough completes it, too much goes
 * to the balance, and so does all that comes for a payment which no longer waits.
 * Publishes `payment.received`, and `payment.completed`, which starts the order.
 *
 * @returns What the events say, for the audit log.
 */
export async function recordReceipt(
  tx: Tx,
  payment: Payment,
  { amountMinor, reference, source, by }: ArrivedMoney,
  at: Date,
): Promise<Readonly<Record<string, unknown>>> {
  const isLate = !isOpen(payment)
  const receipt = receive(payment, amountMinor)
  const completes = receipt.completes && !isLate
  const posting = {
    sellerId: payment.sellerId,
    currency: payment.currency,
    accountId: payment.accountId,
    orderId: payment.orderId,
    paymentId: payment.id,
    correlationId: payment.correlationId,
    at,
  }
  const receiptId = newId(at.getTime())
  await addReceipt(tx, payment, { id: receiptId, amountMinor, reference, approvedBy: actorLabel(by), at })
  await post(tx, {
    ...posting,
    kind: isLate ? 'late_receipt' : 'receipt',
    naturalKey: `receipt:${receiptId}`,
    entries: isLate ? lateEntries(payment, amountMinor, source) : receiptEntries(payment, amountMinor, source),
  })
  const settled = settledEntries(payment, receipt)
  if (completes && settled.length > 0) {
    await post(tx, {
      ...posting,
      kind: 'payment_applied',
      naturalKey: `payment_applied:${payment.id}`,
      entries: settled,
    })
  }
  if (!isLate) {
    await savePayment(tx, payment, {
      status: completes ? 'completed' : payment.status,
      receivedMinor: receipt.receivedMinor,
      at,
      closed: completes,
    })
  }
  const about = {
    sellerId: payment.sellerId,
    subject: { kind: 'payment', id: payment.id },
    tenantId: payment.accountId,
    actor: by,
    correlationId: payment.correlationId,
    at,
  }
  const payload = {
    payment_id: payment.id,
    order_id: payment.orderId,
    purpose: payment.purpose,
    amount: formatAmount(amountMinor, payment.currency),
    received: formatAmount(isLate ? payment.receivedMinor : receipt.receivedMinor, payment.currency),
    total: formatAmount(payment.totalMinor, payment.currency),
    currency: payment.currency,
  }
  await publish(tx, { ...about, type: 'payment.received', payload })
  if (completes) await publish(tx, { ...about, type: 'payment.completed', payload })
  return payload
}
