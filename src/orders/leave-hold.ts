import { lockCredit } from '../accounts/index.ts'
import { newId, type PaymentId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { formatAmount } from '../kernel/money.ts'
import { lockBalance } from '../ledger/index.ts'
import { findLeavingHold, insertTopup } from '../payments/index.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import type { Payer } from './checkout-context-view.ts'
import { debtOf } from './rules.ts'

/** The payment that takes an account off credit hold. Minor units of the account's currency. */
export interface HoldPayment {
  readonly id: PaymentId
  readonly number: string
  readonly total_minor: string
}

/**
 * Asks for what takes an account off credit hold, before what it orders is paid (facts A4.1: two payments, and money
 * first covers the debt). One such payment waits at a time: a second order, or the same once more, finds it. Made before
 * the order, so that no order is there without it; an order that is not placed after all leaves it, and owed it is.
 * Publishes `payment.requested`.
 *
 * @returns undefined where the account is on no hold (any more), or nothing is missing.
 */
export async function askToLeaveHold(
  db: Db,
  clock: Clock,
  actor: Principal,
  { sellerId, id: accountId }: Pick<Payer, 'sellerId' | 'id'>,
): Promise<HoldPayment | undefined> {
  return transaction(db, async (tx) => {
    const account = await lockCredit(tx, sellerId, accountId)
    if (account?.status !== 'credit_hold') return undefined
    const known = await findLeavingHold(tx, sellerId, accountId)
    if (known) return { id: known.id, number: known.number, total_minor: known.totalMinor.toString() }
    const { currency } = account
    const totalMinor = debtOf(await lockBalance(tx, { sellerId, accountId, currency }), account.holdThresholdMinor)
    if (totalMinor === 0n) return undefined
    const at = clock.now()
    const id = newId<PaymentId>(at.getTime())
    const { correlationId } = actor
    const topup = { sellerId, id, accountId, currency, totalMinor, correlationId, at }
    const number = await insertTopup(tx, { ...topup, description: '', leavesHold: true })
    const about = { sellerId, subject: { kind: 'payment', id }, tenantId: accountId, actor, correlationId, at }
    const total = formatAmount(totalMinor, currency)
    const details = {
      payment_id: id,
      account_id: accountId,
      number,
      purpose: 'top_up',
      total,
      currency,
      leaves_hold: true,
    }
    await publish(tx, { ...about, type: 'payment.requested', payload: details })
    await audit(tx, { ...about, action: 'payment.request', details })
    return { id, number, total_minor: totalMinor.toString() }
  })
}
