import { newId } from '../kernel/ids.ts'
import { systemLabel } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import { insertTask, requestToRow } from '../provisioning/index.ts'
import type { Operation } from '../provisioning/schema.ts'
import { getSubscription, moveSubscription, resourcesOf } from '../subscriptions/index.ts'
import type { SubscriptionStatus } from '../subscriptions/schema.ts'
import { finishOrder } from './complete-order.ts'
import { aboutOrder, orderedResources } from './order-facts.ts'
import type { OrderType } from './schema.ts'
import { type LockedOrder, setOrderStatus } from './store.ts'

/** What each type of order asks of the service, and what the subscription is meanwhile, and if it fails. */
export const WORK: Readonly<
  Record<
    OrderType,
    { readonly operation: Operation; readonly underWay: SubscriptionStatus; readonly failed: SubscriptionStatus }
  >
> = {
  sales: { operation: 'activate', underWay: 'installing', failed: 'installation_failed' },
  change: { operation: 'update', underWay: 'updating', failed: 'updating_failed' },
  switch: { operation: 'update', underWay: 'updating', failed: 'updating_failed' },
  renewal: { operation: 'resume', underWay: 'renewing', failed: 'renewing_failed' },
  prolong: { operation: 'resume', underWay: 'renewing', failed: 'renewing_failed' },
}

/**
 * Moves a locked order and its subscription on, and asks the service for what was ordered. A renewal of what runs is
 * nothing to the service: it is done at once.
 * @returns false where the subscription is in no state for it, and nothing was done.
 */
export async function askService(tx: Tx, order: LockedOrder, at: Date): Promise<boolean> {
  const { operation, underWay } = WORK[order.type]
  const before = await getSubscription(tx, order.sellerId, order.subscriptionId)
  if (!(await moveSubscription(tx, order.sellerId, order.subscriptionId, underWay, at))) return false
  const subscription = await getSubscription(tx, order.sellerId, order.subscriptionId)
  if (!subscription) return false
  await setOrderStatus(tx, order, 'provisioning', at)
  if (operation === 'resume' && before?.status !== 'stopped') {
    await finishOrder(tx, order, at)
    return true
  }
  const taskId = newId<string>(at.getTime())
  const { change } = order.snapshot
  await insertTask(tx, {
    sellerId: order.sellerId,
    id: taskId,
    orderId: order.id,
    subscriptionId: subscription.id,
    connector: subscription.connector,
    operation,
    request: requestToRow({
      revision: subscription.version,
      tenantId: subscription.tenantId,
      planId: order.snapshot.plan.id,
      resources: change ? orderedResources(change) : await resourcesOf(tx, order.sellerId, subscription.id),
    }),
    correlationId: order.correlationId,
    at,
  })
  await publish(tx, {
    ...aboutOrder(order, systemLabel('orders'), at),
    type: 'provisioning.requested',
    payload: { task_id: taskId, order_id: order.id, operation },
  })
  return true
}
