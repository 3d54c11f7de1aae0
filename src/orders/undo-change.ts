import { BuylinkError } from '../kernel/errors.ts'
import { type CheckoutId, newId, type OrderId, type SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { actorLabel, type Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { takeDocumentNumber } from '../platform/numbers.ts'
import { hindranceOf } from '../subscriptions/rules.ts'
import { askService } from './ask-service.ts'
import { lockSubscription, readRunning, unfinishedOf } from './change-context-view.ts'
import { claimCheckout, insertCheckout } from './checkout-store.ts'
import { aboutOrder, orderedResources, orderPayload } from './order-facts.ts'
import type { OrderedChange } from './schema.ts'
import { findReversal, insertOrder, type LockedOrder, lockOrder, originOf } from './store.ts'

/**
 * Takes a completed change of resources back: an order of 0 with the quantities of before, carried out by the service
 * like any other. When it is completed, what the change had cost is on the account's balance. Asked again: the same order.
 *
 * @returns The order that takes it back.
 * @throws {BuylinkError} `not_found`; `conflict` for another kind of order, one that is not completed, or where the
 *   subscription has changed since; `order_unfinished`.
 */
export async function undoChange(
  db: Db,
  clock: Clock,
  actor: Principal,
  sellerId: SellerId,
  orderId: OrderId,
): Promise<OrderId> {
  return transaction(db, async (tx) => {
    const undone = await lockOrder(tx, sellerId, orderId)
    if (!undone) throw new BuylinkError('not_found', 'There is no such order.')
    const reversal = await findReversal(tx, undone)
    if (reversal) return reversal
    const { change } = undone.snapshot
    if (undone.type !== 'change' || undone.status !== 'completed' || !change || undone.reversesOrderId)
      throw new BuylinkError('conflict', 'Only a completed change of resources can be taken back.')
    const at = clock.now()
    await lockSubscription(tx, sellerId, undone.subscriptionId)
    const unfinished = await unfinishedOf(tx, sellerId, undone.subscriptionId)
    if (unfinished)
      throw new BuylinkError('order_unfinished', 'Another order of this subscription is not finished yet.', {
        extra: { orderId: unfinished.id },
      })
    const running = await readRunning(tx, sellerId, undone.subscriptionId)
    const hindrance = running && hindranceOf(running.subscription, at)
    if (hindrance) throw new BuylinkError('conflict', hindrance)
    const has = new Map(running?.resources.map(({ id, quantity }) => [id, quantity]))
    if (orderedResources(change).some(({ id, quantity }) => has.get(id) !== quantity))
      throw new BuylinkError('conflict', 'The subscription has changed since; take back the latest change first.')
    const origin = await originOf(tx, undone)
    const checkoutId = newId<CheckoutId>(at.getTime())
    const order: LockedOrder = {
      ...undone,
      id: newId<OrderId>(at.getTime()),
      number: await takeDocumentNumber(tx, sellerId, 'order'),
      status: 'waiting_for_payment',
      checkoutId,
      netMinor: 0n,
      taxMinor: 0n,
      totalMinor: 0n,
      reversesOrderId: undone.id,
      snapshot: { ...undone.snapshot, change: backwards(change) },
    }
    const checkout = {
      sellerId,
      id: checkoutId,
      type: 'change' as const,
      subscriptionId: undone.subscriptionId,
      accountId: undone.accountId,
      storeId: origin.storeId,
      createdBy: `${actor.kind}:${actor.id}`,
      query: '',
      selection: {
        planId: undone.snapshot.plan.id,
        planPeriodId: undone.snapshot.period.id,
        quantities: Object.fromEntries(change.resources.map(({ id, before }) => [id, BigInt(before)])),
        topupMinor: null,
        attributes: {},
        skipAllSteps: true,
        orderType: null,
        ga: null,
      },
      managerKey: null,
      touch: null,
      idempotencyKey: null,
      correlationId: undone.correlationId,
      createdAt: at,
      expiresAt: at,
    }
    await insertCheckout(tx, checkout)
    await insertOrder(tx, order, { ...origin, placedBy: actorLabel(actor), lines: [], expiresAt: null, at })
    await claimCheckout(tx, checkout, order.id)
    const payload = {
      ...orderPayload(order),
      payment_id: null,
      plan_id: order.snapshot.plan.id,
      plan_period_id: order.snapshot.period.id,
      reverses_order_id: undone.id,
    }
    await publish(tx, { ...aboutOrder(order, actor, at), type: 'order.placed', payload })
    await audit(tx, { ...aboutOrder(undone, actor, at), action: 'order.undo', details: payload })
    await askService(tx, order, at)
    return order.id
  })
}

const backwards = (change: OrderedChange): OrderedChange => ({
  resources: change.resources.map((resource) => ({
    ...resource,
    before: resource.quantity,
    quantity: resource.before,
  })),
  recurring_before_minor: change.recurring_minor,
  recurring_minor: change.recurring_before_minor,
})
