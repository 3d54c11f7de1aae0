import { findCredit } from '../accounts/index.ts'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { cancelPayment, findLeavingHold, lockPayment } from '../payments/index.ts'
import { systemLabel } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'

/**
 * Cancels the payment that waits to take an account off credit hold, once something else has: what had arrived for it is
 * credited to the balance. The account is not locked: whoever receives money holds its payment first.
 */
export async function forgetHoldPayment(db: Db, clock: Clock, sellerId: SellerId, accountId: TenantId): Promise<void> {
  await transaction(db, async (tx) => {
    const waiting = await findLeavingHold(tx, sellerId, accountId)
    const payment = waiting && (await lockPayment(tx, sellerId, waiting.id))
    if (!payment) return
    const isHeldAgain = (await findCredit(tx, sellerId, accountId))?.status === 'credit_hold'
    if (isHeldAgain) return
    await cancelPayment(tx, payment, systemLabel('credit'), 'The account has left credit hold.', clock.now())
  })
}
