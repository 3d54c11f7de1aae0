import type { CorrelationId, SellerId, TenantId } from '../kernel/ids.ts'
import { newId } from '../kernel/ids.ts'
import { formatAmount } from '../kernel/money.ts'
import { post, postAll } from '../ledger/index.ts'
import { transfer } from '../ledger/rules.ts'
import type { LedgerEntry } from '../ledger/schema.ts'
import { systemLabel } from '../platform/actor.ts'
import { crashPoint } from '../platform/crash-points.ts'
import type { Tx } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import type { MeteredSubscription } from './schema.ts'
import { blockedCharges, closeCharges } from './store.ts'

const posting = (
  { sellerId, accountId, currency }: { sellerId: SellerId; accountId: TenantId; currency: string },
  correlationId: CorrelationId,
  at: Date,
) => ({ sellerId, accountId, currency, orderId: null, paymentId: null, correlationId, at })

/** What one posting holds; negative: lets go of. Minor units. */
export interface Held {
  readonly naturalKey: string
  readonly amountMinor: bigint
}

/** Holds funds for what was consumed, or lets go of what is negative; a postpaid subscription is charged at the close alone. */
export async function holdFunds(
  tx: Tx,
  subscription: MeteredSubscription,
  held: readonly Held[],
  correlationId: CorrelationId,
  at: Date,
): Promise<void> {
  if (subscription.paymentModel !== 'prepay') return
  const balance = { kind: 'customer_balance', accountId: subscription.accountId } as const
  const blocked = { kind: 'blocked_funds', accountId: subscription.accountId } as const
  const postings = held
    .filter(({ amountMinor }) => amountMinor !== 0n)
    .map(({ naturalKey, amountMinor }) => ({
      ...posting(subscription, correlationId, at),
      kind: amountMinor > 0n ? 'usage_blocked' : 'usage_released',
      naturalKey,
      entries: amountMinor > 0n ? transfer(amountMinor, balance, blocked) : transfer(-amountMinor, blocked, balance),
    }))
  await postAll(tx, subscription.sellerId, postings)
}

/**
 * Closes a period's charges: what was held becomes income and tax; a postpaid subscription's is owed from now on.
 * Publishes `usage.charged`.
 */
export async function closePeriod(tx: Tx, subscription: MeteredSubscription, period: string, at: Date): Promise<void> {
  const charges = await blockedCharges(tx, subscription, period)
  const netMinor = charges.reduce((sum, charge) => sum + charge.netMinor, 0n)
  const taxMinor = charges.reduce((sum, charge) => sum + charge.taxMinor, 0n)
  await closeCharges(tx, subscription, period, at)
  if (netMinor === 0n && taxMinor === 0n) return
  const correlationId = newId<CorrelationId>(at.getTime())
  const from = {
    kind: subscription.paymentModel === 'prepay' ? 'blocked_funds' : 'customer_balance',
    accountId: subscription.accountId,
  } as const
  const entries: LedgerEntry[] = [
    ...transfer(netMinor, from, { kind: 'revenue', accountId: null }),
    ...transfer(taxMinor, from, { kind: 'tax', accountId: null }),
  ]
  await post(tx, {
    ...posting(subscription, correlationId, at),
    kind: 'usage_charged',
    naturalKey: `usage_charged:${subscription.id}:${period}`,
    entries,
  })
  crashPoint('usage.closed')
  await publish(tx, {
    sellerId: subscription.sellerId,
    subject: { kind: 'subscription', id: subscription.id },
    tenantId: subscription.accountId,
    actor: systemLabel('charges'),
    correlationId,
    at,
    type: 'usage.charged',
    payload: {
      subscription_id: subscription.id,
      account_id: subscription.accountId,
      period,
      net: formatAmount(netMinor, subscription.currency),
      tax: formatAmount(taxMinor, subscription.currency),
      currency: subscription.currency,
    },
  })
}
