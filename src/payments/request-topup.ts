import { getAccount } from '../accounts/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import { newId, type PaymentId, type SellerId, type TenantId } from '../kernel/ids.ts'
import { formatAmount, type Money } from '../kernel/money.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { mostAtOnceMinor } from './rules.ts'
import { insertTopup } from './store.ts'

export interface TopupRequest {
  readonly accountId: TenantId
  readonly amount: Money
  /** What the payer writes beside it, at most 200 characters (facts A6.3). */
  readonly note: string
}

/**
 * Asks for money that will credit an account's balance once it has arrived. Waits like any payment, has a number of its
 * own and is approved, cancelled and paid in parts as others are; it never expires.
 * Publishes `payment.requested`.
 *
 * @throws {BuylinkError} `not_found`; `amount_invalid` for another currency, 0, or more digits than books should hold;
 *   `forbidden` for an account that is deleted.
 */
export async function requestTopup(
  db: Db,
  clock: Clock,
  actor: Principal,
  { accountId, amount, note }: TopupRequest,
): Promise<{ sellerId: SellerId; paymentId: PaymentId }> {
  return transaction(db, async (tx) => {
    const account = await getAccount(tx, actor, accountId)
    if (account.status === 'deleted') throw new BuylinkError('forbidden', 'This account is closed.')
    if (amount.currency !== account.currency)
      throw new BuylinkError('amount_invalid', `This account is kept in ${account.currency}, not ${amount.currency}.`)
    if (amount.amountMinor <= 0n) throw new BuylinkError('amount_invalid', 'The amount must be more than 0.')
    if (amount.amountMinor > mostAtOnceMinor(amount.currency))
      throw new BuylinkError('amount_invalid', 'The amount is too large.')
    const at = clock.now()
    const paymentId = newId<PaymentId>(at.getTime())
    const { sellerId } = account
    const number = await insertTopup(tx, {
      sellerId,
      id: paymentId,
      accountId: account.id,
      currency: amount.currency,
      totalMinor: amount.amountMinor,
      description: note,
      correlationId: actor.correlationId,
      at,
    })
    const about = {
      sellerId,
      subject: { kind: 'payment', id: paymentId },
      tenantId: account.id,
      actor,
      correlationId: actor.correlationId,
      at,
    }
    const details = {
      payment_id: paymentId,
      account_id: account.id,
      number,
      purpose: 'top_up',
      total: formatAmount(amount.amountMinor, amount.currency),
      currency: amount.currency,
    }
    await publish(tx, { ...about, type: 'payment.requested', payload: details })
    await audit(tx, { ...about, action: 'payment.request', details })
    return { sellerId, paymentId }
  })
}
