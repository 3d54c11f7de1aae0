import { BuylinkError } from '../kernel/errors.ts'
import type { OrderId, SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { reopenTask } from '../provisioning/index.ts'
import { moveSubscription } from '../subscriptions/index.ts'
import { WORK } from './ask-service.ts'
import { lockOrder, setOrderStatus } from './store.ts'

/**
 * Asks the service once more to provision an order it refused, under the same idempotency key as before.
 *
 * @throws {BuylinkError} `not_found`; `conflict` unless provisioning failed. One that is under way again is no error.
 */
export async function retryOrder(
  db: Db,
  clock: Clock,
  actor: Principal,
  sellerId: SellerId,
  orderId: OrderId,
): Promise<void> {
  await transaction(db, async (tx) => {
    const order = await lockOrder(tx, sellerId, orderId)
    if (!order) throw new BuylinkError('not_found', 'There is no such order.')
    if (order.status === 'provisioning') return
    const at = clock.now()
    const task = order.status === 'provisioning_failed' ? await reopenTask(tx, sellerId, orderId, at) : undefined
    if (!task) throw new BuylinkError('conflict', 'Only an order whose provisioning failed can be retried.')
    await setOrderStatus(tx, order, 'provisioning', at)
    await moveSubscription(tx, sellerId, order.subscriptionId, WORK[order.type].underWay, at)
    const about = {
      sellerId,
      subject: { kind: 'order', id: orderId },
      tenantId: order.accountId,
      actor,
      correlationId: order.correlationId,
      at,
    }
    const payload = { task_id: task.id, order_id: orderId }
    await publish(tx, { ...about, type: 'provisioning.requested', payload })
    await audit(tx, { ...about, action: 'order.retry', details: payload })
  })
}
