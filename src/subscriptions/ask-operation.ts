import { type CorrelationId, newId } from '../kernel/ids.ts'
import type { ActorLabel } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import { insertTask, requestToRow } from '../provisioning/index.ts'
import type { Subscription, SubscriptionStatus } from './schema.ts'
import { getSubscription, moveSubscription, resourcesOf } from './store.ts'

/** What is asked of a service without an order: what the subscription is meanwhile, then, and if it fails. */
export const LIFE = {
  stop: { underWay: 'stopping', done: 'stopped', failed: 'stopping_failed', event: 'subscription.stopped' },
  resume: { underWay: 'activating', done: 'active', failed: 'activation_failed', event: 'subscription.resumed' },
  delete: { underWay: 'deleting', done: 'deleted', failed: 'deletion_failed', event: 'subscription.deleted' },
  update: { underWay: 'updating', done: 'active', failed: 'updating_failed', event: 'subscription.restored' },
} as const satisfies Record<
  string,
  { underWay: SubscriptionStatus; done: SubscriptionStatus; failed: SubscriptionStatus; event: string }
>
export type LifeOperation = keyof typeof LIFE

/**
 * Moves a subscription on and asks its service to follow: stop, resume, delete, or be again what it is (`update`).
 * @returns false where it is in no state for that, and nothing was done.
 */
export async function askOperation(
  tx: Tx,
  { sellerId, id }: Pick<Subscription, 'sellerId' | 'id'>,
  operation: LifeOperation,
  {
    actor,
    correlationId,
    at,
  }: { readonly actor: ActorLabel; readonly correlationId: CorrelationId; readonly at: Date },
): Promise<boolean> {
  if (!(await moveSubscription(tx, sellerId, id, LIFE[operation].underWay, at))) return false
  const subscription = await getSubscription(tx, sellerId, id)
  if (!subscription) return false
  const taskId = newId<string>(at.getTime())
  await insertTask(tx, {
    sellerId,
    id: taskId,
    orderId: null,
    subscriptionId: id,
    connector: subscription.connector,
    operation,
    request: requestToRow({
      revision: subscription.version,
      tenantId: subscription.tenantId,
      planId: subscription.planId,
      resources: await resourcesOf(tx, sellerId, id),
    }),
    correlationId,
    at,
  })
  await publish(tx, {
    sellerId,
    subject: { kind: 'subscription', id },
    tenantId: subscription.accountId,
    actor,
    correlationId,
    at,
    type: 'provisioning.requested',
    payload: { task_id: taskId, subscription_id: id, operation },
  })
  return true
}
