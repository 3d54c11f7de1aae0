import { chargedMonths } from '../catalog/rules.ts'
import { post } from '../ledger/index.ts'
import { transfer } from '../ledger/rules.ts'
import type { Tx } from '../platform/db.ts'
import { getSubscription } from '../subscriptions/index.ts'
import { missedDaysKey, postingOf } from './order-facts.ts'
import { daysLeft, missedOf } from './rules.ts'
import { type LockedOrder, orderedLines } from './store.ts'

/**
 * A change was priced for the days that were left when it was ordered. Of those that passed until it was paid the price
 * becomes balance (facts A6.2), out of what was just booked.
 */
export async function returnMissedDays(tx: Tx, order: LockedOrder, at: Date): Promise<void> {
  if (order.type !== 'change') return
  const subscription = await getSubscription(tx, order.sellerId, order.subscriptionId)
  const { periodStartsAt: startsAt, periodEndsAt: endsAt } = subscription ?? {}
  if (!startsAt || !endsAt) return
  const missed = missedOf(
    await orderedLines(tx, order),
    chargedMonths(order.snapshot.period.duration),
    daysLeft({ startsAt, endsAt }, at),
    order.snapshot.tax.basis_points,
  )
  if (missed.netMinor <= 0n) return
  const balance = { kind: 'customer_balance', accountId: order.accountId } as const
  await post(tx, {
    ...postingOf(order, at),
    kind: 'order_surplus',
    naturalKey: missedDaysKey(order),
    entries: [
      ...transfer(missed.netMinor, { kind: 'revenue', accountId: null }, balance),
      ...transfer(missed.taxMinor, { kind: 'tax', accountId: null }, balance),
    ],
  })
}
