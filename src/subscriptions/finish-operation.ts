import type { SubscriptionId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { systemLabel } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import type { StoredEvent } from '../platform/events/schema.ts'
import type { Subscriber } from '../platform/events/subscriber.ts'
import { LIFE, type LifeOperation } from './ask-operation.ts'
import type { Subscription, SubscriptionStatus } from './schema.ts'
import { beginPause, endPause } from './pause-store.ts'
import { getSubscription, moveSubscription, setLife } from './store.ts'

/**
 * The service has answered what was asked without an order. Each outcome is guarded by the status it follows, so a
 * repeated event changes nothing. Publishes `subscription.stopped`, `.resumed`, `.deleted`, or `.operation_failed`.
 */
export async function finishOperation(
  db: Db,
  clock: Clock,
  {
    sellerId,
    correlationId,
    payload: answer,
    type,
  }: Pick<StoredEvent, 'sellerId' | 'correlationId' | 'payload' | 'type'>,
): Promise<void> {
  const operation = String(answer['operation'])
  const id = String(answer['subscription_id']) as SubscriptionId
  if (!isLifeOperation(operation)) return
  const isDone = type === 'provisioning.completed'
  await transaction(db, async (tx) => {
    const at = clock.now()
    const subscription = await getSubscription(tx, sellerId, id)
    if (subscription?.status !== LIFE[operation].underWay) return
    const next = isDone ? doneStatus(operation, subscription) : LIFE[operation].failed
    if (!(await moveSubscription(tx, sellerId, id, next, at))) return
    // Its time is looked at anew.
    if (isDone)
      await setLife(tx, sellerId, id, {
        ...(operation === 'stop' && { stoppedAt: at }),
        ...(operation === 'resume' && { stoppedAt: null, stopReason: null }),
        dueAt: at,
      })
    if (isDone && operation === 'stop') await beginPause(tx, sellerId, id, at)
    if (isDone && operation === 'resume') await endPause(tx, sellerId, id, at)
    await publish(tx, {
      sellerId,
      subject: { kind: 'subscription', id },
      tenantId: subscription.accountId,
      actor: systemLabel('subscriptions'),
      correlationId,
      at,
      type: isDone ? LIFE[operation].event : 'subscription.operation_failed',
      payload: {
        subscription_id: id,
        account_id: subscription.accountId,
        operation,
        ...(isDone ? { reason: subscription.stopReason } : { message: answer['message'] }),
      },
    })
  })
}

/** What runs again is what it was before it was stopped: one whose period had ended has its days of grace still. */
const doneStatus = (operation: LifeOperation, { previousStatus }: Subscription): SubscriptionStatus =>
  operation === 'resume' && previousStatus === 'graced' ? 'graced' : LIFE[operation].done

const isLifeOperation = (operation: string): operation is LifeOperation => operation in LIFE

/** Follows what services answer to operations that no order asked for. */
export const subscriptionSubscriber: Subscriber = {
  name: 'subscription-provisioning',
  on: ['provisioning.completed', 'provisioning.failed'],
  handle: async (event, { db, clock }) => {
    if (typeof event.payload['order_id'] !== 'string') await finishOperation(db, clock, event)
  },
}
