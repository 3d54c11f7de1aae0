import type { OrderId, SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { post } from '../ledger/index.ts'
import { transfer } from '../ledger/rules.ts'
import { lockPaymentOfOrder } from '../payments/index.ts'
import { isSettled } from '../payments/rules.ts'
import { systemLabel } from '../platform/actor.ts'
import { crashPoint } from '../platform/crash-points.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import { getSubscription, moveSubscription } from '../subscriptions/index.ts'
import { askService, WORK } from './ask-service.ts'
import { bookOrder } from './book-order.ts'
import { returnMissedDays } from './return-missed-days.ts'
import { aboutOrder, postingOf } from './order-facts.ts'
import { type LockedOrder, lockOrder, setOrderStatus } from './store.ts'

const SYSTEM = systemLabel('orders')

/**
 * The payment an order waited for is complete: books its money and asks for provisioning. Each of these steps is
 * guarded by the order's status under its lock, so a repeated event changes nothing.
 * An order cancelled meanwhile gives the money to the account's balance, and so does one whose subscription has
 * stopped meanwhile: then it is cancelled. A renewal of what is being stopped for want of it waits for the stop, and
 * then starts it again.
 */
export async function startPaidOrder(db: Db, clock: Clock, sellerId: SellerId, orderId: OrderId): Promise<void> {
  await transaction(db, async (tx) => {
    const order = await lockOrder(tx, sellerId, orderId)
    const payment = await lockPaymentOfOrder(tx, sellerId, orderId)
    if (!order || !payment || !isSettled(payment)) return
    const at = clock.now()
    const isOrders = payment.purpose === 'order'
    if (order.status === 'cancelled' && isOrders) await releaseMoney(tx, order, at)
    if (order.status !== 'waiting_for_payment') return
    if (order.type === 'renewal' && (await isBeingStopped(tx, order))) return
    if (await askService(tx, order, at)) {
      if (isOrders) {
        await bookOrder(tx, order, 'unapplied_cash', at)
        await returnMissedDays(tx, order, at)
      }
    } else {
      const reason = 'The subscription could not be changed any more when the payment arrived.'
      await setOrderStatus(tx, order, 'cancelled', at, reason)
      if (isOrders) await releaseMoney(tx, order, at)
      const payload = { order_id: order.id, subscription_id: order.subscriptionId, reason }
      await publish(tx, { ...aboutOrder(order, SYSTEM, at), type: 'order.cancelled', payload })
    }
    crashPoint('order.before_start_commit')
  })
}

/** Or the service did not answer to that yet. */
async function isBeingStopped(tx: Tx, { sellerId, subscriptionId }: LockedOrder): Promise<boolean> {
  const subscription = await getSubscription(tx, sellerId, subscriptionId)
  return subscription?.status === 'stopping' || subscription?.status === 'stopping_failed'
}

const releaseMoney = (tx: Tx, order: LockedOrder, at: Date): Promise<boolean> =>
  post(tx, {
    ...postingOf(order, at),
    kind: 'order_released',
    naturalKey: `order_released:${order.id}`,
    entries: transfer(
      order.totalMinor,
      { kind: 'unapplied_cash', accountId: order.accountId },
      { kind: 'customer_balance', accountId: order.accountId },
    ),
  })

/** The service refused, or could not be reached for too long: a person decides whether to retry or to cancel. */
export async function failOrder(
  db: Db,
  clock: Clock,
  sellerId: SellerId,
  orderId: OrderId,
  message: string,
): Promise<void> {
  await transaction(db, async (tx) => {
    const order = await lockOrder(tx, sellerId, orderId)
    if (order?.status !== 'provisioning') return
    const at = clock.now()
    await setOrderStatus(tx, order, 'provisioning_failed', at)
    await moveSubscription(tx, sellerId, order.subscriptionId, WORK[order.type].failed, at)
    await publish(tx, {
      ...aboutOrder(order, SYSTEM, at),
      type: 'order.provisioning_failed',
      payload: { order_id: order.id, subscription_id: order.subscriptionId, message },
    })
  })
}
