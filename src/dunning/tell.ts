import { newId } from '../kernel/ids.ts'
import { formatAmount } from '../kernel/money.ts'
import { findPayment } from '../payments/index.ts'
import { outstandingMinor } from '../payments/rules.ts'
import type { Payment } from '../payments/schema.ts'
import { systemLabel } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import { stopsAtOf, timeOf } from './rules.ts'
import type { Dunning } from './schema.ts'
import { findOwed, findService } from './subject-view.ts'

/** Publishes `payment.reminded`, which mails a link to pay. */
export async function tellReminded(
  tx: Tx,
  dunning: Dunning,
  payment: Payment,
  position: number,
  at: Date,
): Promise<void> {
  const next = dunning.steps[position + 1]
  await publish(tx, {
    ...about(dunning, payment, at),
    type: 'payment.reminded',
    payload: {
      ...(await factsOf(tx, dunning, payment)),
      step: position + 1,
      next_at: next ? timeOf(dunning.dueAt, next).toISOString() : null,
      stops_at: stopsAtOf({ ...dunning, position }, await findService(tx, dunning))?.toISOString() ?? null,
    },
  })
}

/** Publishes `dunning.exhausted`: all was done, and it is not paid. */
export async function tellExhausted(tx: Tx, dunning: Dunning, at: Date): Promise<void> {
  const payment = dunning.paymentId && (await findPayment(tx, dunning.sellerId, dunning.paymentId))
  if (!payment) return
  const type = 'dunning.exhausted'
  await publish(tx, { ...about(dunning, payment, at), type, payload: await factsOf(tx, dunning, payment) })
}

async function factsOf(tx: Tx, { sellerId, subjectKind, subjectId, dueAt }: Dunning, payment: Payment) {
  const isInvoice = subjectKind === 'invoice'
  return {
    payment_id: payment.id,
    order_id: payment.orderId,
    ...(isInvoice && { invoice_id: subjectId }),
    number: payment.number,
    invoice: isInvoice ? ((await findOwed(tx, sellerId, subjectId))?.number ?? null) : null,
    amount: formatAmount(outstandingMinor(payment), payment.currency),
    currency: payment.currency,
    due_at: dueAt.toISOString(),
  }
}

const about = ({ sellerId, accountId }: Dunning, payment: Payment, at: Date) => ({
  sellerId,
  subject: { kind: 'payment', id: payment.id },
  tenantId: accountId,
  actor: systemLabel('dunning'),
  correlationId: payment.correlationId ?? newId(at.getTime()),
  at,
})
