import { newId, type SellerId } from '../kernel/ids.ts'
import { formatAmount } from '../kernel/money.ts'
import { postAll } from '../ledger/index.ts'
import type { Posting } from '../ledger/schema.ts'
import { type ActorLabel, actorLabel } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { type NewEvent, publishAll } from '../platform/events/publish.ts'
import { isOpen, lateEntries, type MoneySource, receiptEntries, receive, settledEntries } from './rules.ts'
import type { Payment } from './schema.ts'
import { addReceipts, savePayments } from './store.ts'

export interface ArrivedMoney {
  readonly amountMinor: bigint
  /** Of the bank or the gateway, unique for the payment: the same one twice is the same money, which the caller checks. */
  readonly reference: string
  readonly source: MoneySource
  /** Who says so: a person, or the gateway itself. */
  readonly by: ActorLabel
}

/** Money, and the payment it came for, whose row is locked. */
export interface Arrival extends ArrivedMoney {
  readonly payment: Payment
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
  money: ArrivedMoney,
  at: Date,
): Promise<Readonly<Record<string, unknown>>> {
  const arrival = { ...money, payment }
  await recordReceipts(tx, payment.sellerId, [arrival], at)
  return payloadOf(arrival)
}

/** The same for many payments of one seller, each of them once, in as many statements as for one. */
export async function recordReceipts(
  tx: Tx,
  sellerId: SellerId,
  arrivals: readonly Arrival[],
  at: Date,
): Promise<void> {
  const booked = arrivals.map((arrival) => ({ ...arrival, id: newId(at.getTime()) }))
  await addReceipts(
    tx,
    sellerId,
    booked.map(({ payment, by, ...receipt }) => ({ ...receipt, paymentId: payment.id, approvedBy: actorLabel(by) })),
    at,
  )
  await postAll(
    tx,
    sellerId,
    booked.flatMap((receipt) => postingsOf(receipt, at)),
  )
  await savePayments(
    tx,
    sellerId,
    arrivals
      .filter(({ payment }) => isOpen(payment))
      .map(({ payment, amountMinor }) => {
        const { receivedMinor, completes } = receive(payment, amountMinor)
        return { id: payment.id, status: completes ? 'completed' : payment.status, receivedMinor, closed: completes }
      }),
    at,
  )
  await publishAll(
    tx,
    sellerId,
    arrivals.flatMap((arrival) => eventsOf(arrival, at)),
  )
}

const completes = ({ payment, amountMinor }: Arrival): boolean =>
  isOpen(payment) && receive(payment, amountMinor).completes

/** What the money is until the payment has all of it, and what it is from then on. */
function postingsOf(arrival: Arrival & { readonly id: string }, at: Date): Posting[] {
  const { payment, amountMinor, source, id } = arrival
  const about = {
    sellerId: payment.sellerId,
    currency: payment.currency,
    accountId: payment.accountId,
    orderId: payment.orderId,
    paymentId: payment.id,
    correlationId: payment.correlationId,
    at,
  }
  const naturalKey = `receipt:${id}`
  if (!isOpen(payment))
    return [{ ...about, kind: 'late_receipt', naturalKey, entries: lateEntries(payment, amountMinor, source) }]
  const received: Posting = {
    ...about,
    kind: 'receipt',
    naturalKey,
    entries: receiptEntries(payment, amountMinor, source),
  }
  const settled = completes(arrival) ? settledEntries(payment, receive(payment, amountMinor)) : []
  return settled.length === 0
    ? [received]
    : [received, { ...about, kind: 'payment_applied', naturalKey: `payment_applied:${payment.id}`, entries: settled }]
}

function eventsOf(arrival: Arrival, at: Date): NewEvent[] {
  const { payment, by } = arrival
  const received: NewEvent = {
    type: 'payment.received',
    sellerId: payment.sellerId,
    subject: { kind: 'payment', id: payment.id },
    tenantId: payment.accountId,
    actor: by,
    correlationId: payment.correlationId,
    at,
    payload: payloadOf(arrival),
  }
  return completes(arrival) ? [received, { ...received, type: 'payment.completed' }] : [received]
}

function payloadOf({ payment, amountMinor }: Arrival): Readonly<Record<string, unknown>> {
  const { currency } = payment
  const receivedMinor = isOpen(payment) ? receive(payment, amountMinor).receivedMinor : payment.receivedMinor
  return {
    payment_id: payment.id,
    order_id: payment.orderId,
    purpose: payment.purpose,
    amount: formatAmount(amountMinor, currency),
    received: formatAmount(receivedMinor, currency),
    total: formatAmount(payment.totalMinor, currency),
    currency,
  }
}
