import { BuylinkError } from '../kernel/errors.ts'
import type { PaymentId, SellerId } from '../kernel/ids.ts'
import { formatAmount } from '../kernel/money.ts'
import type { Clock } from '../kernel/time.ts'
import { lockBalance, post } from '../ledger/index.ts'
import { transfer } from '../ledger/rules.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { isOpen, outstandingMinor } from './rules.ts'
import { lockPayment, savePayment } from './store.ts'
import { assertInTurn } from './turn-view.ts'

/**
 * Pays what is outstanding of an order's payment out of the account's balance. The payment's row lock makes it happen
 * once, the balance's row lock keeps two payments from spending the same money. Asked again: no change.
 * Publishes `payment.completed`, which starts the order.
 *
 * @throws {BuylinkError} `not_found`; `conflict` when it no longer waits; `unprocessable` for a top-up, which cannot be
 *   paid from what it fills (spec/buy-links.md "From the link to the order"); `balance_too_low`.
 */
export async function payFromBalance(
  db: Db,
  clock: Clock,
  actor: Principal,
  { sellerId, paymentId }: { readonly sellerId: SellerId; readonly paymentId: PaymentId },
): Promise<void> {
  await transaction(db, async (tx) => {
    const payment = await lockPayment(tx, sellerId, paymentId)
    if (!payment) throw new BuylinkError('not_found', 'There is no such payment.')
    if (payment.status === 'paid_from_balance') return
    if (payment.purpose === 'top_up')
      throw new BuylinkError('unprocessable', 'A top-up cannot be paid from the balance it fills.')
    if (!isOpen(payment)) throw new BuylinkError('conflict', 'This payment no longer waits.')
    await assertInTurn(tx, payment)
    const dueMinor = outstandingMinor(payment)
    const balanceMinor = await lockBalance(tx, payment)
    if (balanceMinor < dueMinor) {
      const [due, has] = [dueMinor, balanceMinor].map((minor) => formatAmount(minor, payment.currency))
      throw new BuylinkError('balance_too_low', `The balance is ${has} ${payment.currency}, this takes ${due}.`, {
        extra: { balance: { amountMinor: balanceMinor, currency: payment.currency } },
      })
    }
    const at = clock.now()
    await post(tx, {
      sellerId,
      kind: 'paid_from_balance',
      naturalKey: `paid_from_balance:${payment.id}`,
      currency: payment.currency,
      entries: transfer(
        dueMinor,
        { kind: 'customer_balance', accountId: payment.accountId },
        { kind: 'unapplied_cash', accountId: payment.accountId },
      ),
      accountId: payment.accountId,
      orderId: payment.orderId,
      paymentId: payment.id,
      correlationId: payment.correlationId,
      at,
    })
    await savePayment(tx, payment, { status: 'paid_from_balance', receivedMinor: payment.totalMinor, at, closed: true })
    const about = {
      sellerId,
      subject: { kind: 'payment', id: payment.id },
      tenantId: payment.accountId,
      actor,
      correlationId: payment.correlationId,
      at,
    }
    const total = formatAmount(payment.totalMinor, payment.currency)
    const payload = {
      payment_id: payment.id,
      order_id: payment.orderId,
      purpose: payment.purpose,
      amount: formatAmount(dueMinor, payment.currency),
      received: total,
      total,
      currency: payment.currency,
    }
    await publish(tx, { ...about, type: 'payment.completed', payload })
    await audit(tx, { ...about, action: 'payment.pay_from_balance', details: payload })
  })
}
