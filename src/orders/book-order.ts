import { post } from '../ledger/index.ts'
import { transfer } from '../ledger/rules.ts'
import type { Tx } from '../platform/db.ts'
import { postingOf } from './order-facts.ts'
import type { LockedOrder } from './store.ts'

/**
 * Books an order's total as income, once: from the money that arrived for it, or, of what is paid afterwards, from the
 * balance, which then says what is owed.
 */
export async function bookOrder(
  tx: Tx,
  order: LockedOrder,
  from: 'unapplied_cash' | 'customer_balance',
  at: Date,
): Promise<void> {
  const source = { kind: from, accountId: order.accountId } as const
  await post(tx, {
    ...postingOf(order, at),
    kind: 'order_booked',
    naturalKey: `order_booked:${order.id}`,
    entries: [
      ...transfer(order.netMinor, source, { kind: 'revenue', accountId: null }),
      ...transfer(order.taxMinor, source, { kind: 'tax', accountId: null }),
    ],
  })
}
