import { createHash } from 'node:crypto'
import { BuylinkError } from '../kernel/errors.ts'
import type { PaymentId, SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { crashPoint } from '../platform/crash-points.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { recordReceipt } from './record-receipt.ts'
import { isOpen, mostMinor, outstandingMinor } from './rules.ts'
import type { Payment } from './schema.ts'
import { findReceipt, lockPayment } from './store.ts'
import { assertInTurn } from './turn-view.ts'

export interface Approval {
  readonly sellerId: SellerId
  readonly paymentId: PaymentId
  /** What arrived; by default all that is outstanding. */
  readonly amount?: { readonly amountMinor: bigint; readonly currency: string } | undefined
  /** The bank's own reference: the same one twice is the same money. */
  readonly reference?: string | undefined
  /** Names the request: repeated, it is the same money too. */
  readonly requestKey?: string | undefined
  /** The version the approver saw; another one is refused. */
  readonly expectedVersion?: bigint | undefined
}

/**
 * Records money that arrived by bank transfer, and completes the payment once enough has. Less keeps it waiting, more
 * is credited to the balance. The payment's row lock queues approvals: two at once settle once.
 * Publishes `payment.received`, and `payment.completed`, which starts the order.
 *
 * @throws {BuylinkError} `not_found`; `version_mismatch`; `conflict` when cancelled, when another comes first, or when the reference was recorded
 *   with another amount; `amount_invalid`.
 */
export async function approvePayment(db: Db, clock: Clock, actor: Principal, approval: Approval): Promise<void> {
  const isNew = await transaction(db, async (tx) => {
    const payment = await lockPayment(tx, approval.sellerId, approval.paymentId)
    if (!payment) throw new BuylinkError('not_found', 'There is no such payment.')
    const amountMinor = amountOf(payment, approval)
    const reference = approval.reference ?? `${payment.number}/${nameOf(payment, approval)}`
    const earlier = await findReceipt(tx, payment, reference)
    if (earlier?.amountMinor === amountMinor || isSettledAsAsked(payment, approval)) return false
    if (earlier) throw new BuylinkError('conflict', `Reference ${reference} was recorded with another amount.`)
    if (approval.expectedVersion !== undefined && approval.expectedVersion !== payment.version) {
      throw new BuylinkError('version_mismatch', 'Somebody changed this payment meanwhile. Load it again.')
    }
    if (!isOpen(payment)) {
      throw new BuylinkError(
        'conflict',
        `This payment is ${payment.status}; record the money as a top-up of the account.`,
      )
    }

    await assertInTurn(tx, payment)
    const at = clock.now()
    const money = { amountMinor, reference, source: 'bank', by: actor } as const
    const payload = await recordReceipt(tx, payment, money, at)
    await audit(tx, {
      sellerId: payment.sellerId,
      subject: { kind: 'payment', id: payment.id },
      tenantId: payment.accountId,
      actor,
      correlationId: payment.correlationId,
      at,
      action: 'payment.approve',
      details: { ...payload, reference },
    })
    crashPoint('payment.before_commit')
    return true
  })
  if (isNew) crashPoint('payment.approved')
}

/**
 * What tells this receipt of a payment from the next one, where the approver names no reference. A request that is
 * repeated after a crash must find the receipt it has made, so it is the request's own name: its key, or the version
 * it was asked for; only without both the version of this moment.
 */
const nameOf = ({ version }: Payment, { requestKey, expectedVersion }: Approval): string =>
  requestKey === undefined
    ? String(expectedVersion ?? version)
    : createHash('sha256').update(requestKey).digest('base64url').slice(0, 12)

/** Asked to settle what is settled already, with no other money named: the answer is the settled payment. */
const isSettledAsAsked = (payment: Payment, { amount, reference }: Approval): boolean =>
  payment.status === 'completed' &&
  reference === undefined &&
  (amount === undefined || amount.amountMinor === payment.totalMinor)

function amountOf(payment: Payment, { amount }: Approval): bigint {
  if (amount === undefined) return payment.status === 'completed' ? payment.totalMinor : outstandingMinor(payment)
  if (amount.currency !== payment.currency) {
    throw new BuylinkError('amount_invalid', `This payment is in ${payment.currency}, not ${amount.currency}.`)
  }
  if (amount.amountMinor <= 0n) throw new BuylinkError('amount_invalid', 'The amount must be more than 0.')
  if (amount.amountMinor > mostMinor(payment)) throw new BuylinkError('amount_invalid', 'The amount is too large.')
  return amount.amountMinor
}
