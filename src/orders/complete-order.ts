import { isPayAsYouGo, periodEnd } from '../catalog/rules.ts'
import type { OrderId, SellerId } from '../kernel/ids.ts'
import { addMonths, type Clock } from '../kernel/time.ts'
import { post } from '../ledger/index.ts'
import { transfer } from '../ledger/rules.ts'
import { systemLabel } from '../platform/actor.ts'
import { crashPoint } from '../platform/crash-points.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import {
  endPause,
  getSubscription,
  moveSubscription,
  setDiscount,
  setLife,
  setPlan,
  setResources,
  setTerm,
} from '../subscriptions/index.ts'
import { bookOrder } from './book-order.ts'
import { returnMoney } from './cancel-order.ts'
import { nextTerm } from './judge-renewal.ts'
import { aboutOrder, aboutSubscription, orderedResources, orderPayload, postingOf } from './order-facts.ts'
import { type LockedOrder, lockOrder, setOrderStatus } from './store.ts'

const SYSTEM = systemLabel('orders')

/** The service has done it: the order is completed, and the subscription is what was ordered. */
export async function completeOrder(db: Db, clock: Clock, sellerId: SellerId, orderId: OrderId): Promise<void> {
  await transaction(db, async (tx) => {
    const order = await lockOrder(tx, sellerId, orderId)
    if (order?.status !== 'provisioning') return
    const at = clock.now()
    await finishOrder(tx, order, at)
    crashPoint('order.before_completion_commit')
  })
}

const EVENT = {
  sales: 'subscription.activated',
  change: 'subscription.updated',
  switch: 'subscription.updated',
  renewal: 'subscription.renewed',
  prolong: 'subscription.renewed',
} as const

/** Completes a locked order that was under way. What is paid afterwards is owed from now on (facts A6.2). */
export async function finishOrder(tx: Tx, order: LockedOrder, at: Date): Promise<void> {
  await setOrderStatus(tx, order, 'completed', at)
  if (order.snapshot.payment_model === 'postpay' && order.totalMinor > 0n)
    await bookOrder(tx, order, 'customer_balance', at)
  if (order.type === 'sales') await activate(tx, order, at)
  else if (order.type === 'renewal') await renew(tx, order, at)
  else await update(tx, order, at)
  const payload = orderPayload(order)
  await publish(tx, { ...aboutOrder(order, SYSTEM, at), type: 'order.completed', payload })
  await publish(tx, { ...aboutSubscription(order, SYSTEM, at), type: EVENT[order.type], payload })
}

/** The next period; of what had stopped, one that begins now that it runs again. */
async function renew(tx: Tx, { sellerId, subscriptionId, snapshot }: LockedOrder, at: Date): Promise<void> {
  const subscription = await getSubscription(tx, sellerId, subscriptionId)
  if (!subscription || !snapshot.change) return
  const { startsAt, endsAt, anchorDay } = nextTerm(subscription, snapshot.period, at)
  const resources = orderedResources(snapshot.change)
  await setResources(tx, sellerId, subscriptionId, resources, BigInt(snapshot.change.recurring_minor))
  await setPlan(tx, sellerId, subscriptionId, { planId: snapshot.plan.id, planPeriodId: snapshot.period.id })
  await setDiscount(tx, sellerId, subscriptionId, snapshot.discount ?? null)
  await moveSubscription(tx, sellerId, subscriptionId, 'active', at)
  const expiresAt = snapshot.period.duration ? endsAt : null
  await setTerm(tx, sellerId, subscriptionId, { startsAt, endsAt, expiresAt, anchorDay })
  await setLife(tx, sellerId, subscriptionId, { stoppedAt: null, stopReason: null, dueAt: at })
  await endPause(tx, sellerId, subscriptionId, at)
}

async function activate(tx: Tx, order: LockedOrder, at: Date): Promise<void> {
  const { sellerId, subscriptionId } = order
  await moveSubscription(tx, sellerId, subscriptionId, 'activating', at)
  await moveSubscription(tx, sellerId, subscriptionId, 'active', at)
  await setTerm(tx, sellerId, subscriptionId, { ...termFrom(order, at), activatedAt: at })
  if (order.snapshot.discount) await setDiscount(tx, sellerId, subscriptionId, order.snapshot.discount)
}

/** A first period. Where it is endless, a month is what is paid for at a time; where use is, nothing is. */
function termFrom({ snapshot: { period, plan } }: LockedOrder, startsAt: Date) {
  const expiresAt = periodEnd(startsAt, period.duration)
  const isBilled = !isPayAsYouGo({ billingType: plan.billing_type })
  return { startsAt, endsAt: expiresAt ?? (isBilled ? addMonths(startsAt, 1) : null), expiresAt }
}

async function update(tx: Tx, order: LockedOrder, at: Date): Promise<void> {
  const { sellerId, subscriptionId, snapshot } = order
  const { change } = snapshot
  if (!change) return
  await setResources(tx, sellerId, subscriptionId, orderedResources(change), BigInt(change.recurring_minor))
  await moveSubscription(tx, sellerId, subscriptionId, 'active', at)
  if (order.type === 'switch') {
    await setPlan(tx, sellerId, subscriptionId, {
      planId: snapshot.plan.id,
      planPeriodId: snapshot.period.id,
      name: snapshot.plan.name,
    })
    await setDiscount(tx, sellerId, subscriptionId, snapshot.discount ?? null)
    await setTerm(tx, sellerId, subscriptionId, termFrom(order, at))
    await creditSurplus(tx, order, at)
  }
  const reversed = order.reversesOrderId && (await lockOrder(tx, sellerId, order.reversesOrderId))
  if (reversed) await returnMoney(tx, reversed, at)
}

/** What the old plan's unused days were worth beyond the new plan's price was income, and is the customer's again. */
async function creditSurplus(tx: Tx, order: LockedOrder, at: Date): Promise<void> {
  const [net, tax] = (order.snapshot.change?.surplus_minor ?? ['0', '0']).map(BigInt)
  if (!net) return
  const balance = { kind: 'customer_balance', accountId: order.accountId } as const
  await post(tx, {
    ...postingOf(order, at),
    kind: 'order_surplus',
    naturalKey: `order_surplus:${order.id}`,
    entries: [
      ...transfer(net, { kind: 'revenue', accountId: null }, balance),
      ...transfer(tax ?? 0n, { kind: 'tax', accountId: null }, balance),
    ],
  })
}
