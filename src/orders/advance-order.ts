import { periodEnd } from '../catalog/rules.ts'
import type { OrderId, SellerId } from '../kernel/ids.ts'
import { newId } from '../kernel/ids.ts'
import { formatAmount } from '../kernel/money.ts'
import type { Clock } from '../kernel/time.ts'
import { post } from '../ledger/index.ts'
import { transfer } from '../ledger/rules.ts'
import { lockPaymentOfOrder } from '../payments/index.ts'
import { isSettled } from '../payments/rules.ts'
import { systemLabel } from '../platform/actor.ts'
import { crashPoint } from '../platform/crash-points.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import { insertTask, requestToRow } from '../provisioning/index.ts'
import { getSubscription, moveSubscription, resourcesOf, setTerm } from '../subscriptions/index.ts'
import { type LockedOrder, lockOrder, setOrderStatus } from './store.ts'

const SYSTEM = systemLabel('orders')

const about = (order: LockedOrder, at: Date) => ({
  sellerId: order.sellerId,
  subject: { kind: 'order', id: order.id },
  tenantId: order.accountId,
  actor: SYSTEM,
  correlationId: order.correlationId,
  at,
})

const posting = (order: LockedOrder, at: Date) => ({
  sellerId: order.sellerId,
  currency: order.currency,
  accountId: order.accountId,
  orderId: order.id,
  paymentId: null,
  correlationId: order.correlationId,
  at,
})

/**
 * The payment an order waited for is complete: books its money and asks for provisioning. Each of these steps is
 * guarded by the order's status under its lock, so a repeated event changes nothing.
 * An order cancelled meanwhile gives the money to the account's balance.
 */
export async function startPaidOrder(db: Db, clock: Clock, sellerId: SellerId, orderId: OrderId): Promise<void> {
  await transaction(db, async (tx) => {
    const order = await lockOrder(tx, sellerId, orderId)
    const payment = await lockPaymentOfOrder(tx, sellerId, orderId)
    if (!order || !payment || !isSettled(payment)) return
    const at = clock.now()
    if (order.status === 'cancelled' && payment.purpose === 'order') await releaseMoney(tx, order, at)
    if (order.status !== 'waiting_for_payment') return
    if (payment.purpose === 'order') {
      const cash = { kind: 'unapplied_cash', accountId: order.accountId } as const
      await post(tx, {
        ...posting(order, at),
        kind: 'order_booked',
        naturalKey: `order_booked:${order.id}`,
        entries: [
          ...transfer(order.netMinor, cash, { kind: 'revenue', accountId: null }),
          ...transfer(order.taxMinor, cash, { kind: 'tax', accountId: null }),
        ],
      })
    }
    await requestProvisioning(tx, order, at)
    crashPoint('order.before_start_commit')
  })
}

const releaseMoney = (tx: Tx, order: LockedOrder, at: Date): Promise<boolean> =>
  post(tx, {
    ...posting(order, at),
    kind: 'order_released',
    naturalKey: `order_released:${order.id}`,
    entries: transfer(
      order.totalMinor,
      { kind: 'unapplied_cash', accountId: order.accountId },
      { kind: 'customer_balance', accountId: order.accountId },
    ),
  })

async function requestProvisioning(tx: Tx, order: LockedOrder, at: Date): Promise<void> {
  const subscription = await getSubscription(tx, order.sellerId, order.subscriptionId)
  if (!subscription || !(await moveSubscription(tx, order.sellerId, subscription.id, 'installing', at))) return
  await setOrderStatus(tx, order, 'provisioning', at)
  const taskId = newId<string>(at.getTime())
  await insertTask(tx, {
    sellerId: order.sellerId,
    id: taskId,
    orderId: order.id,
    subscriptionId: subscription.id,
    connector: subscription.connector,
    request: requestToRow({
      tenantId: subscription.tenantId,
      planId: subscription.planId,
      resources: await resourcesOf(tx, order.sellerId, subscription.id),
    }),
    correlationId: order.correlationId,
    at,
  })
  await publish(tx, {
    ...about(order, at),
    type: 'provisioning.requested',
    payload: { task_id: taskId, order_id: order.id },
  })
}

/** The service is there: the order is completed, the subscription active and its term begins. */
export async function completeOrder(db: Db, clock: Clock, sellerId: SellerId, orderId: OrderId): Promise<void> {
  await transaction(db, async (tx) => {
    const order = await lockOrder(tx, sellerId, orderId)
    if (order?.status !== 'provisioning') return
    const at = clock.now()
    await setOrderStatus(tx, order, 'completed', at)
    await moveSubscription(tx, sellerId, order.subscriptionId, 'activating', at)
    await moveSubscription(tx, sellerId, order.subscriptionId, 'active', at)
    await setTerm(tx, sellerId, order.subscriptionId, {
      activatedAt: at,
      expiresAt: periodEnd(at, order.snapshot.period.duration),
    })
    const payload = {
      order_id: order.id,
      number: order.number,
      account_id: order.accountId,
      subscription_id: order.subscriptionId,
      total: formatAmount(order.totalMinor, order.currency),
      currency: order.currency,
    }
    await publish(tx, { ...about(order, at), type: 'order.completed', payload })
    await publish(tx, {
      ...about(order, at),
      subject: { kind: 'subscription', id: order.subscriptionId },
      type: 'subscription.activated',
      payload,
    })
    crashPoint('order.before_completion_commit')
  })
}

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
    await moveSubscription(tx, sellerId, order.subscriptionId, 'installation_failed', at)
    await publish(tx, {
      ...about(order, at),
      type: 'order.provisioning_failed',
      payload: { order_id: order.id, subscription_id: order.subscriptionId, message },
    })
  })
}
