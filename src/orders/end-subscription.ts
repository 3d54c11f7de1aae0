import { BuylinkError } from '../kernel/errors.ts'
import type { CorrelationId, SellerId, SubscriptionId } from '../kernel/ids.ts'
import { newId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { reopenTaskOf } from '../provisioning/index.ts'
import { askOperation, getSubscription, LIFE, moveSubscription, setLife } from '../subscriptions/index.ts'
import type { StopReason, Subscription } from '../subscriptions/schema.ts'
import { cancelOrder } from './cancel-order.ts'
import { lockSubscription, unfinishedOf } from './change-context-view.ts'

export interface LifeDeps {
  readonly db: Db
  readonly clock: Clock
  readonly actor: Principal
}

interface Key {
  readonly sellerId: SellerId
  readonly id: SubscriptionId
}

/** An operation on a locked subscription, told in the audit log. */
async function on(
  { db, clock, actor }: LifeDeps,
  key: Key,
  action: string,
  work: (tx: Tx, subscription: Subscription, at: Date, correlationId: CorrelationId) => Promise<boolean>,
): Promise<void> {
  await transaction(db, async (tx) => {
    await lockSubscription(tx, key.sellerId, key.id)
    const subscription = await getSubscription(tx, key.sellerId, key.id)
    if (!subscription) throw new BuylinkError('not_found', 'There is no such subscription.')
    const at = clock.now()
    const correlationId = newId<CorrelationId>(at.getTime())
    if (!(await work(tx, subscription, at, correlationId))) return
    const about = { ...occurrence(subscription, actor, at), correlationId }
    await audit(tx, { ...about, action: `subscription.${action}`, details: { subscription_id: key.id } })
  })
}

const occurrence = ({ sellerId, id, accountId }: Subscription, actor: Principal, at: Date) => ({
  sellerId,
  subject: { kind: 'subscription', id },
  tenantId: accountId,
  actor,
  at,
})

/** Whether the next period is ordered by itself. */
export const setAutoRenew = (deps: LifeDeps, key: Key, autoRenew: boolean): Promise<void> =>
  on(deps, key, 'set_auto_renew', async (tx, subscription, at, correlationId) => {
    if (subscription.autoRenew === autoRenew) return false
    await setLife(tx, key.sellerId, key.id, { autoRenew, dueAt: subscription.periodEndsAt && at })
    await publish(tx, {
      ...occurrence(subscription, deps.actor, at),
      correlationId,
      type: 'subscription.auto_renew_changed',
      payload: { subscription_id: key.id, account_id: subscription.accountId, auto_renew: autoRenew },
    })
    return true
  })

/**
 * Cancels what runs: at the end of what is paid for, which can be taken back until then, or now, which stops the service
 * at once and refunds nothing. Orders that wait to be paid go with it. Asked again: no change.
 *
 * @throws {BuylinkError} `conflict` where it does not run, or another order is being carried out.
 */
export async function cancelSubscription(deps: LifeDeps, key: Key, when: 'now' | 'period_end'): Promise<void> {
  const { db, clock, actor } = deps
  const unfinished = await unfinishedOf(db, key.sellerId, key.id)
  const waits = unfinished?.status === 'waiting_for_payment'
  if (waits && (when === 'now' || unfinished.type === 'renewal')) {
    const reason = 'The subscription was cancelled.'
    await cancelOrder(db, clock, actor, { sellerId: key.sellerId, orderId: unfinished.id, reason, byStaff: false })
  }
  await on(deps, key, 'cancel', async (tx, subscription, at, correlationId) => {
    const { status, endsWithPeriod } = subscription
    if (endsWithPeriod && (when === 'period_end' || status === 'stopping' || status === 'stopped')) return false
    if (status !== 'active' && status !== 'graced')
      throw new BuylinkError('conflict', 'Only a subscription that runs can be cancelled.')
    const end = when === 'now' || subscription.periodEndsAt === null ? 'now' : 'period_end'
    await setLife(tx, key.sellerId, key.id, { endsWithPeriod: true, dueAt: at })
    if (end === 'now') await stop(tx, subscription, 'cancelled', { actor, correlationId, at })
    await publish(tx, {
      ...occurrence(subscription, actor, at),
      correlationId,
      type: 'subscription.cancelled',
      payload: {
        subscription_id: key.id,
        account_id: subscription.accountId,
        ends_at: end === 'now' ? at : subscription.periodEndsAt,
      },
    })
    return true
  })
}

/**
 * Takes a cancellation back while the service still runs, or, stopped by it, within the period that is paid for.
 *
 * @throws {BuylinkError} `conflict` where it is too late.
 */
export const keepSubscription = (deps: LifeDeps, key: Key): Promise<void> =>
  on(deps, key, 'keep', async (tx, subscription, at, correlationId) => {
    const { status, stopReason, periodEndsAt, endsWithPeriod } = subscription
    if (!endsWithPeriod) return false
    const runs = status === 'active' || status === 'graced'
    const isPaid = status === 'stopped' && stopReason === 'cancelled' && periodEndsAt !== null && periodEndsAt > at
    if (!runs && !isPaid) throw new BuylinkError('conflict', 'It is too late to keep this subscription. Renew it.')
    await setLife(tx, key.sellerId, key.id, { endsWithPeriod: false, dueAt: at })
    if (isPaid) await askOperation(tx, subscription, 'resume', { actor: deps.actor, correlationId, at })
    await publish(tx, {
      ...occurrence(subscription, deps.actor, at),
      correlationId,
      type: 'subscription.kept',
      payload: { subscription_id: key.id, account_id: subscription.accountId },
    })
    return true
  })

/**
 * Staff stop what runs, for as long as they like; it is not deleted by that. For want of money it starts again by itself
 * once there is some. @throws {BuylinkError} `conflict`.
 */
export const stopSubscription = (
  deps: LifeDeps,
  key: Key,
  reason: 'administrative' | 'credit_hold' = 'administrative',
): Promise<void> =>
  on(deps, key, 'stop', async (tx, subscription, at, correlationId) => {
    if (subscription.status === 'stopping' || subscription.status === 'stopped') return false
    return stop(tx, subscription, reason, { actor: deps.actor, correlationId, at })
  })

/** Staff start it again, whatever it was stopped for, except for want of money (facts A3.10). @throws {BuylinkError} `conflict`. */
export const resumeSubscription = (deps: LifeDeps, key: Key): Promise<void> =>
  on(deps, key, 'resume', async (tx, subscription, at, correlationId) => {
    if (subscription.status === 'active' || subscription.status === 'activating') return false
    if (await unfinishedOf(tx, key.sellerId, key.id))
      throw new BuylinkError('order_unfinished', 'An order of this subscription is not finished yet.')
    if (subscription.stopReason === 'credit_hold')
      throw new BuylinkError(
        'conflict',
        'The account is on credit hold: it starts again by itself once its balance covers it.',
      )
    await setLife(tx, key.sellerId, key.id, { endsWithPeriod: false })
    if (subscription.status === 'stopped')
      return askOperation(tx, subscription, 'resume', { actor: deps.actor, correlationId, at })
    throw new BuylinkError('conflict', 'Only a subscription that is stopped can be started again.')
  })

/** @throws {BuylinkError} `conflict` where it does not run; `order_unfinished`. */
async function stop(
  tx: Tx,
  subscription: Subscription,
  stopReason: StopReason,
  cause: { readonly actor: Principal; readonly correlationId: CorrelationId; readonly at: Date },
): Promise<boolean> {
  const { sellerId, id } = subscription
  const unfinished = await unfinishedOf(tx, sellerId, id)
  if (unfinished)
    throw new BuylinkError('order_unfinished', 'An order of this subscription is not finished yet.', {
      extra: { orderId: unfinished.id },
    })
  await setLife(tx, sellerId, id, { stopReason, dueAt: null })
  if (await askOperation(tx, subscription, 'stop', cause)) return true
  throw new BuylinkError('conflict', 'Only a subscription that runs can be stopped.')
}

/**
 * Asks the service again for what failed without an order, under the same idempotency key as before. Asked while that is
 * under way: no change.
 *
 * @throws {BuylinkError} `conflict` unless something of that kind failed.
 */
export const retryOperation = (deps: LifeDeps, key: Key): Promise<void> =>
  on(deps, key, 'retry', async (tx, subscription, at) => {
    if (Object.values(LIFE).some(({ underWay }) => underWay === subscription.status)) return false
    const operation = (Object.keys(LIFE) as (keyof typeof LIFE)[]).find(
      (each) => LIFE[each].failed === subscription.status,
    )
    const task = operation && (await reopenTaskOf(tx, key.sellerId, key.id, at))
    if (!operation || !task || task.operation !== operation)
      throw new BuylinkError('conflict', 'Nothing of this subscription failed that could be tried again here.')
    await moveSubscription(tx, key.sellerId, key.id, LIFE[operation].underWay, at)
    await publish(tx, {
      ...occurrence(subscription, deps.actor, at),
      correlationId: task.correlationId,
      type: 'provisioning.requested',
      payload: { task_id: task.id, subscription_id: key.id, operation },
    })
    return true
  })
