import { findCharge } from '../cards/index.ts'
import { newId, type OrderId, type SellerId, type TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { cancelPayment, lockPayment } from '../payments/index.ts'
import { systemLabel } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { AGAIN_MS, timeOf } from './rules.ts'
import type { Dunning, DunningStatus } from './schema.ts'
import { findSchedule, findStarted, insertDunning, lockDunningOf, noteOutcome, saveDunning } from './store.ts'
import { resumePaid } from './stop-unpaid.ts'
import { findOwed, findRenewal } from './subject-view.ts'

/** Begins to ask for a renewal that waits for its payment, once. */
export async function startForRenewal(db: Db, clock: Clock, sellerId: SellerId, orderId: OrderId): Promise<void> {
  await transaction(db, async (tx) => {
    const renewal = await findRenewal(tx, sellerId, orderId)
    if (!renewal) return
    const { paymentId, accountId, dueAt } = renewal
    await start(
      tx,
      { sellerId, subjectKind: 'payment', subjectId: paymentId, accountId, paymentId, dueAt },
      clock.now(),
    )
  })
}

/** Begins to ask for what an invoice says is owed, once. */
export async function startForInvoice(db: Db, clock: Clock, sellerId: SellerId, invoiceId: string): Promise<void> {
  await transaction(db, async (tx) => {
    const owed = await findOwed(tx, sellerId, invoiceId)
    if (!owed) return
    const { accountId, dueAt } = owed
    const subject = { subjectKind: 'invoice', subjectId: invoiceId, paymentId: null } as const
    await start(tx, { sellerId, ...subject, accountId, dueAt }, clock.now())
  })
}

async function start(
  tx: Tx,
  subject: Pick<Dunning, 'sellerId' | 'subjectKind' | 'subjectId' | 'paymentId' | 'dueAt'> & { accountId: TenantId },
  at: Date,
): Promise<void> {
  const { steps } = await findSchedule(tx, subject.sellerId)
  const [first] = steps
  if (!first) return
  const nextAt = timeOf(subject.dueAt, first)
  await insertDunning(
    tx,
    { ...subject, id: newId(), stoppedSubscriptionId: null, steps, position: 0, status: 'running', nextAt },
    at,
  )
}

/** What became of a charge that is begun is noted. @returns When a bank that still thinks is asked again; null: no need. */
async function endOfCharge(tx: Tx, dunning: Dunning, at: Date): Promise<Date | null> {
  const started = await findStarted(tx, dunning)
  const charge = started?.chargeId ? await findCharge(tx, dunning.sellerId, started.chargeId) : undefined
  if (!started || !charge) return null
  if (charge.status === 'asked' || charge.status === 'pending') return new Date(at.getTime() + AGAIN_MS)
  await noteOutcome(tx, dunning, started.position, charge.status)
  return null
}

/**
 * Ends asking: it was paid, or is no longer wanted. A payment that was made to pay an invoice goes with it, and what was
 * stopped for want of it starts again.
 */
export async function endDunning(
  db: Db,
  clock: Clock,
  sellerId: SellerId,
  { kind, id }: { readonly kind: Dunning['subjectKind']; readonly id: string },
  status: Extract<DunningStatus, 'paid' | 'cancelled'>,
): Promise<void> {
  await transaction(db, async (tx) => {
    const dunning = await lockDunningOf(tx, sellerId, kind, id)
    if (!dunning) return
    const at = clock.now()
    const isEnded = dunning.status === 'paid' || dunning.status === 'cancelled'
    if (!isEnded) await saveDunning(tx, dunning, { status, nextAt: await endOfCharge(tx, dunning, at) }, at)
    if (dunning.stoppedSubscriptionId) await resumePaid(tx, sellerId, dunning.stoppedSubscriptionId, at)
    if (isEnded) return
    const payment = kind === 'invoice' && dunning.paymentId && (await lockPayment(tx, sellerId, dunning.paymentId))
    if (payment) await cancelPayment(tx, payment, systemLabel('dunning'), 'The invoice was paid otherwise.', at)
  })
}
