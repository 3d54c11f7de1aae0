import { giveBackUse } from '../discounts/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { OrderId, SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { incomeOf, post } from '../ledger/index.ts'
import { transfer } from '../ledger/rules.ts'
import { cancelPayment, lockPaymentOfOrder } from '../payments/index.ts'
import type { ActorLabel } from '../platform/actor.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { askOperation, moveSubscription, setLife } from '../subscriptions/index.ts'
import { type LockedOrder, lockOrder, setOrderStatus, unpaidPast } from './store.ts'

export interface Cancellation {
  readonly sellerId: SellerId
  readonly orderId: OrderId
  readonly reason: string
  /** Staff may also cancel what could not be provisioned; its money goes back to the balance. */
  readonly byStaff: boolean
}

/**
 * Cancels an order that is not paid, with its payment; or one that could not be provisioned. Again: no change.
 *
 * @throws {BuylinkError} `not_found`; `conflict` where its money has arrived or it is done.
 */
export async function cancelOrder(
  db: Db,
  clock: Clock,
  actor: ActorLabel,
  { sellerId, orderId, reason, byStaff }: Cancellation,
): Promise<void> {
  await transaction(db, async (tx) => {
    const order = await lockOrder(tx, sellerId, orderId)
    if (!order) throw new BuylinkError('not_found', 'There is no such order.')
    if (order.status === 'cancelled') return
    const at = clock.now()
    // Before anything else is locked: who places with the code holds its row before all others.
    await giveBackUse(tx, sellerId, orderId, at)
    if (order.status === 'provisioning_failed' && byStaff) {
      await returnMoney(tx, order, at)
      await restore(tx, order, actor, at)
    } else if (order.status !== 'waiting_for_payment' || !(await cancelItsPayment(tx, order, actor, reason, at))) {
      throw new BuylinkError('conflict', 'This order can no longer be cancelled: its payment has arrived.')
    }
    await close(tx, order, actor, reason, at)
  })
}

/** What runs goes on as it was: a service that failed half way is told so. What had stopped stays stopped. */
async function restore(tx: Tx, order: LockedOrder, actor: ActorLabel, at: Date): Promise<void> {
  const { sellerId, subscriptionId: id, correlationId } = order
  if (order.type === 'renewal') {
    if (await moveSubscription(tx, sellerId, id, 'stopped', at)) await setLife(tx, sellerId, id, { dueAt: at })
  } else if (order.type !== 'sales') await askOperation(tx, { sellerId, id }, 'update', { actor, correlationId, at })
}

async function cancelItsPayment(
  tx: Tx,
  order: LockedOrder,
  actor: ActorLabel,
  reason: string,
  at: Date,
): Promise<boolean> {
  const payment = await lockPaymentOfOrder(tx, order.sellerId, order.id)
  return !payment || payment.status === 'cancelled' || (await cancelPayment(tx, payment, actor, reason, at))
}

/**
 * What the books still hold of an order as income is the customer's again; what was refunded before is not returned
 * twice. A top-up is on the balance already.
 */
export async function returnMoney(tx: Tx, order: LockedOrder, at: Date): Promise<void> {
  const { netMinor, taxMinor } = await incomeOf(tx, order.sellerId, order.id)
  if (netMinor + taxMinor <= 0n) return
  const balance = { kind: 'customer_balance', accountId: order.accountId } as const
  await post(tx, {
    sellerId: order.sellerId,
    kind: 'order_returned',
    naturalKey: `order_returned:${order.id}`,
    currency: order.currency,
    entries: [
      ...transfer(netMinor, { kind: 'revenue', accountId: null }, balance),
      ...transfer(taxMinor, { kind: 'tax', accountId: null }, balance),
    ],
    accountId: order.accountId,
    orderId: order.id,
    paymentId: null,
    correlationId: order.correlationId,
    at,
  })
}

async function close(tx: Tx, order: LockedOrder, actor: ActorLabel, reason: string, at: Date): Promise<void> {
  await setOrderStatus(tx, order, 'cancelled', at, reason)
  if (order.type === 'sales') await moveSubscription(tx, order.sellerId, order.subscriptionId, 'cancelled', at)
  const about = {
    sellerId: order.sellerId,
    subject: { kind: 'order', id: order.id },
    tenantId: order.accountId,
    actor,
    correlationId: order.correlationId,
    at,
  }
  const payload = { order_id: order.id, subscription_id: order.subscriptionId, reason }
  await publish(tx, { ...about, type: 'order.cancelled', payload })
  await audit(tx, { ...about, action: 'order.cancel', details: payload })
}

/** Its payment was cancelled, so the order is too. */
export async function cancelOrderOfPayment(
  db: Db,
  clock: Clock,
  actor: ActorLabel,
  sellerId: SellerId,
  orderId: OrderId,
): Promise<void> {
  await transaction(db, async (tx) => {
    const order = await lockOrder(tx, sellerId, orderId)
    if (order?.status !== 'waiting_for_payment') return
    const at = clock.now()
    await giveBackUse(tx, sellerId, orderId, at)
    await close(tx, order, actor, 'Its payment was cancelled.', at)
  })
}

/** Orders that are taken on at a time. */
const BATCH = 500

/** Cancels unpaid orders whose time is over (account class, "cancel unpaid order in"); a rival's progress is left alone. */
export async function expireOrders(db: Db, clock: Clock, actor: ActorLabel, batch = BATCH): Promise<number> {
  const seen: OrderId[] = []
  for (;;) {
    const due = await unpaidPast(db, clock, batch, seen)
    for (const { sellerId, id } of due) {
      await cancelOrder(db, clock, actor, { sellerId, orderId: id, reason: 'Not paid in time.', byStaff: false }).catch(
        (error: unknown) => {
          if (!(error instanceof BuylinkError && error.code === 'conflict')) throw error
        },
      )
      seen.push(id)
    }
    if (due.length < batch) return seen.length
  }
}
