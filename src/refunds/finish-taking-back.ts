import type { OrderId, SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { lockBalance, post } from '../ledger/index.ts'
import { noteRefund } from '../payments/index.ts'
import { systemLabel } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { lockInOrder, postingOf, tell } from './refund-payment.ts'
import { balanceRefundEntries } from './rules.ts'
import { findWaiting, lockRefund, moveRefund } from './store.ts'

/**
 * The order that takes another back is over. Done, its money is on the balance, and goes on from there where it is to go
 * back to a card or a bank; what of it was spent meanwhile stays spent. Cancelled, nothing is given back.
 */
export async function finishTakingBack(
  db: Db,
  clock: Clock,
  sellerId: SellerId,
  reversalOrderId: OrderId,
  isDone: boolean,
): Promise<void> {
  await transaction(db, async (tx) => {
    const waiting = await findWaiting(tx, sellerId, reversalOrderId)
    if (!waiting) return
    const payment = await lockInOrder(tx, sellerId, waiting.paymentId)
    const refund = await lockRefund(tx, sellerId, waiting.id)
    if (refund?.status !== 'waiting') return
    const at = clock.now()
    if (!isDone) {
      await moveRefund(tx, refund, 'cancelled', at, { message: 'The service did not take it back.' })
      return
    }
    await noteRefund(tx, payment, refund.amountMinor, at)
    const { method, accountId, amountMinor } = refund
    const isOnBalance = (await lockBalance(tx, payment)) >= amountMinor
    if (method !== 'balance' && isOnBalance) {
      await post(tx, {
        ...postingOf(refund, at),
        kind: 'refund_from_balance',
        naturalKey: `payment_refunded:${refund.id}`,
        entries: balanceRefundEntries(method, accountId, amountMinor),
      })
    }
    if (method === 'balance') await moveRefund(tx, refund, 'completed', at)
    else if (!isOnBalance)
      await moveRefund(tx, refund, 'to_balance', at, { message: 'The balance was spent meanwhile.' })
    else await moveRefund(tx, refund, method === 'card' ? 'sending' : 'completed', at)
    await tell(tx, refund, systemLabel('refunds'), at)
  })
}
