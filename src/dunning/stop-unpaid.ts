import { type CorrelationId, newId, type SellerId, type SubscriptionId } from '../kernel/ids.ts'
import { lockSubscription } from '../orders/index.ts'
import { systemLabel } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { askOperation, getSubscription, LIFE, setLife } from '../subscriptions/index.ts'
import type { SubscriptionStatus } from '../subscriptions/schema.ts'
import type { Dunning } from './schema.ts'
import { keepsStopped } from './store.ts'
import { findService } from './subject-view.ts'

const ACTOR = systemLabel('dunning')

/** Something is being done: its outcome first (facts A3.10). */
const UNDER_WAY: readonly SubscriptionStatus[] = ['installing', 'activating', 'updating', 'renewing', 'stopping']

export type Stopping =
  | { readonly kind: 'stopped'; readonly subscriptionId: SubscriptionId }
  | { readonly kind: 'nothing_to_stop' }
  | { readonly kind: 'later' }

/**
 * Stops the service that is not paid for; what it was is remembered. For want of a renewal it is what its terms do at the
 * end of its grace, only sooner: the order can still be paid, which starts it again. For want of an invoice it is a stop
 * of its own kind, undone by {@link resumePaid}.
 */
export async function stopUnpaid(tx: Tx, dunning: Dunning, at: Date): Promise<Stopping> {
  const { sellerId, subjectKind } = dunning
  const id = (await findService(tx, dunning))?.id
  if (!id) return { kind: 'nothing_to_stop' }
  await lockSubscription(tx, sellerId, id)
  const subscription = await getSubscription(tx, sellerId, id)
  if (!subscription) return { kind: 'nothing_to_stop' }
  if (UNDER_WAY.includes(subscription.status)) return { kind: 'later' }
  const cause = { actor: ACTOR, correlationId: newId<CorrelationId>(at.getTime()), at }
  if (subscription.status !== 'active' && subscription.status !== 'graced') return { kind: 'nothing_to_stop' }
  await askOperation(tx, subscription, 'stop', cause)
  await setLife(tx, sellerId, id, { stopReason: subjectKind === 'payment' ? 'expired' : 'unpaid', dueAt: null })
  await audit(tx, {
    ...cause,
    sellerId,
    subject: { kind: 'subscription', id },
    tenantId: subscription.accountId,
    action: 'subscription.stop',
    details: { subscription_id: id, [`${subjectKind}_id`]: dunning.subjectId },
  })
  return { kind: 'stopped', subscriptionId: id }
}

/**
 * Starts again what was stopped for want of an invoice, once no invoice that stopped it is unpaid. The subscription's row
 * lock queues those who look, so of two invoices paid at the same moment the second one sees the first. While it is
 * still being stopped nothing is done: its end is looked at again.
 */
export async function resumePaid(tx: Tx, sellerId: SellerId, id: SubscriptionId, at: Date): Promise<void> {
  await lockSubscription(tx, sellerId, id)
  const subscription = await getSubscription(tx, sellerId, id)
  if (subscription?.stopReason !== 'unpaid' || subscription.status !== LIFE.stop.done) return
  if (await keepsStopped(tx, sellerId, id)) return
  await askOperation(tx, subscription, 'resume', {
    actor: ACTOR,
    correlationId: newId<CorrelationId>(at.getTime()),
    at,
  })
}
