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
import { paymentsBehind } from './turn-view.ts'

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

/** `isLate`: its payment does not take it (any more, or yet), so that it is the customer's to spend. */
type Judged = Arrival & { readonly isLate: boolean }

/**
 * Books money that arrived for a locked payment, whatever its status: parts add up, enough completes it, too much goes
 * to the balance, and so does all that comes for a payment which no longer waits; or which waits for the one that takes
 * its account off credit hold, since money first covers what is owed (facts A4.1).
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
  const [judged] = await recordReceipts(tx, payment.sellerId, [{ ...money, payment }], at)
  return judged ? payloadOf(judged) : {}
}

/** The same for many payments of one seller, each of them once, in as many statements as for one. */
export async function recordReceipts(
  tx: Tx,
  sellerId: SellerId,
  arrivals: readonly Arrival[],
  at: Date,
): Promise<readonly Judged[]> {
  const judged = await judge(tx, sellerId, arrivals)
  const booked = judged.map((arrival) => ({ ...arrival, id: newId(at.getTime()) }))
  await addReceipts(
    tx,
    sellerId,
    booked.map(({ payment, by, isLate: _, ...receipt }) => ({
      ...receipt,
      paymentId: payment.id,
      approvedBy: actorLabel(by),
    })),
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
    judged
      .filter(({ isLate }) => !isLate)
      .map(({ payment, amountMinor }) => {
        const { receivedMinor, completes } = receive(payment, amountMinor)
        return { id: payment.id, status: completes ? 'completed' : payment.status, receivedMinor, closed: completes }
      }),
    at,
  )
  await publishAll(
    tx,
    sellerId,
    judged.flatMap((arrival) => eventsOf(arrival, at)),
  )
  return judged
}

async function judge(tx: Tx, sellerId: SellerId, arrivals: readonly Arrival[]): Promise<Judged[]> {
  const orders = arrivals.map(({ payment }) => payment).filter(({ purpose }) => purpose === 'order')
  const ids = orders.filter(isOpen).map(({ id }) => id)
  const behind = await paymentsBehind(tx, sellerId, ids)
  return arrivals.map((arrival) => ({
    ...arrival,
    isLate: !isOpen(arrival.payment) || behind.has(arrival.payment.id),
  }))
}

const completes = ({ payment, amountMinor, isLate }: Judged): boolean =>
  !isLate && receive(payment, amountMinor).completes

/** What the money is until the payment has all of it, and what it is from then on. */
function postingsOf(arrival: Judged & { readonly id: string }, at: Date): Posting[] {
  const { payment, amountMinor, source, isLate, id } = arrival
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
  if (isLate)
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

function eventsOf(arrival: Judged, at: Date): NewEvent[] {
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

function payloadOf({ payment, amountMinor, isLate }: Judged): Readonly<Record<string, unknown>> {
  const { currency } = payment
  const receivedMinor = isLate ? payment.receivedMinor : receive(payment, amountMinor).receivedMinor
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
