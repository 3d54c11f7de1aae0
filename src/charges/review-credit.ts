import { type CreditAccount, lockCredit, saveCredit } from '../accounts/index.ts'
import { type CorrelationId, newId, type SellerId, type TenantId } from '../kernel/ids.ts'
import { formatAmount, minorDigits } from '../kernel/money.ts'
import type { Clock } from '../kernel/time.ts'
import { lockBalance } from '../ledger/index.ts'
import { systemLabel } from '../platform/actor.ts'
import { crashPoint } from '../platform/crash-points.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { askToStop, endHoldReviews } from '../reviews/index.ts'
import { askOperation, setLife } from '../subscriptions/index.ts'
import { spendingOf, subscriptionsToResume, subscriptionsToStop } from './credit-view.ts'
import { decideCredit, hoursLeft, LOW_BALANCE_HOURS } from './credit-rules.ts'

const ACTOR = systemLabel('credit')

/**
 * Looks whether an account may go on: puts it on credit hold and stops its prepaid pay-as-you-go subscriptions, or asks a
 * person whether to, where its class says so; or takes it off and starts again those that the hold had stopped; tells a
 * low balance once, until it is no longer low. The account's row lock queues those who look; looking again changes
 * nothing.
 * Publishes `account.credit_hold`, `account.credit_hold_ended`, `balance.low`.
 */
export async function reviewCredit(db: Db | Tx, clock: Clock, sellerId: SellerId, accountId: TenantId): Promise<void> {
  const isHeldNow = await transaction(db, async (tx) => {
    const account = await lockCredit(tx, sellerId, accountId)
    if (!account || (account.status !== 'active' && account.status !== 'credit_hold')) return false
    const at = clock.now()
    const availableMinor = await lockBalance(tx, { sellerId, accountId, currency: account.currency })
    const decision = decideCredit(availableMinor, account.subzeroSince, account, at)
    const correlationId = newId<CorrelationId>(at.getTime())
    const lasting = hoursLeft(
      availableMinor,
      await spendingOf(tx, sellerId, accountId, at),
      minorDigits(account.currency),
    )
    const isLow = lasting !== undefined && lasting < LOW_BALANCE_HOURS
    await saveCredit(tx, account, {
      status: decision.isOnHold ? 'credit_hold' : 'active',
      subzeroSince: decision.subzeroSince,
      lowBalanceAt: isLow ? (account.lowBalanceAt ?? at) : null,
      at,
    })
    const tell = async (type: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> => {
      const about = {
        sellerId,
        subject: { kind: 'account', id: accountId },
        tenantId: accountId,
        actor: ACTOR,
        correlationId,
        at,
      }
      const balance = formatAmount(availableMinor, account.currency)
      const payload = { account_id: accountId, balance, currency: account.currency, ...more }
      await publish(tx, { ...about, type, payload })
      if (type !== 'balance.low') await audit(tx, { ...about, action: type, details: payload })
    }
    if (decision.isOnHold && account.status === 'active') await tell('account.credit_hold')
    if (!decision.isOnHold && account.status === 'credit_hold') {
      await tell('account.credit_hold_ended')
      await endHoldReviews(tx, sellerId, accountId, ACTOR.kind, at)
    }
    if (isLow && account.lowBalanceAt === null) await tell('balance.low', { hours_left: lasting })
    if (decision.isOnHold && account.stopType === 'manual') {
      const subscriptionIds = (await subscriptionsToStop(tx, sellerId, accountId)).map(({ id }) => id)
      const spendable = `${formatAmount(availableMinor, account.currency)} ${account.currency}`
      await askToStop(tx, { sellerId, accountId, subscriptionIds, spendable, at })
    } else if (decision.isOnHold) await stopAll(tx, account, correlationId, at)
    else await resumeAll(tx, account, correlationId, at)
    return decision.isOnHold && account.status === 'active'
  })
  if (isHeldNow) crashPoint('credit.held')
}

/** What is under way is stopped when it is there: that is told by an event, and then it is looked at again. */
async function stopAll(tx: Tx, { sellerId, id }: CreditAccount, correlationId: CorrelationId, at: Date): Promise<void> {
  for (const subscription of await subscriptionsToStop(tx, sellerId, id)) {
    if (await askOperation(tx, { sellerId, id: subscription.id }, 'stop', { actor: ACTOR, correlationId, at }))
      await setLife(tx, sellerId, subscription.id, { stopReason: 'credit_hold' })
  }
}

async function resumeAll(
  tx: Tx,
  { sellerId, id }: CreditAccount,
  correlationId: CorrelationId,
  at: Date,
): Promise<void> {
  for (const subscription of await subscriptionsToResume(tx, sellerId, id))
    await askOperation(tx, { sellerId, id: subscription.id }, 'resume', { actor: ACTOR, correlationId, at })
}
