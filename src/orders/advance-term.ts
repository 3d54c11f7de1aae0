import type { Catalog } from '../catalog/index.ts'
import { type CheckoutId, type CorrelationId, newId, type SellerId, type SubscriptionId } from '../kernel/ids.ts'
import { addDays, type Clock, HOUR_MS } from '../kernel/time.ts'
import { balancesOf } from '../ledger/index.ts'
import { systemLabel } from '../platform/actor.ts'
import { crashPoint } from '../platform/crash-points.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import {
  askOperation,
  dueSubscriptions,
  getSubscription,
  moveSubscription,
  postpone,
  setLife,
} from '../subscriptions/index.ts'
import { nextStep, type Step } from '../subscriptions/rules.ts'
import type { Subscription } from '../subscriptions/schema.ts'
import { systemActor } from '../tenants/index.ts'
import { cancelOrder } from './cancel-order.ts'
import { lockSubscription, priceVersionOf, readRunning, unfinishedOf } from './change-context-view.ts'
import { type Payer, payerOf } from './checkout-context-view.ts'
import { insertCheckout } from './checkout-store.ts'
import { KEPT_DAYS } from './create-checkout.ts'
import { judgeRenewal } from './judge-renewal.ts'
import { type LockedOrder, latestStoreOf } from './store.ts'
import { writeChange } from './write-change.ts'

export interface TermDeps {
  readonly db: Db
  readonly clock: Clock
  readonly catalog: Catalog
  readonly onError: (error: unknown) => void
  /** Subscriptions that are taken on at a time; 200 by default. */
  readonly batch?: number | undefined
}

const BATCH = 200
const SYSTEM = systemLabel('terms')

/**
 * Takes every subscription whose time has come one step on, or as many as are due: renews, graces, stops, deletes
 * (docs/adr/0010-terms.md). Each step is a transaction of its own under the subscription's lock, decided anew there, so
 * several processes and a crash at any point do each once. One that fails is looked at again in an hour.
 */
export async function advanceTerms(deps: TermDeps): Promise<void> {
  const { db, clock, onError, batch = BATCH } = deps
  for (;;) {
    const now = clock.now()
    const due = await dueSubscriptions(db, clock, batch)
    for (const { sellerId, id } of due) {
      try {
        while (await advanceTerm(deps, sellerId, id));
      } catch (error) {
        onError(error)
        await postpone(db, sellerId, id, now, new Date(now.getTime() + HOUR_MS))
      }
    }
    if (due.length < batch) return
  }
}

interface Seen {
  readonly subscription: Subscription
  readonly payer: Payer
  readonly unfinished: { readonly id: LockedOrder['id']; readonly type: string; readonly status: string } | undefined
}

async function look(db: Db, sellerId: SellerId, id: SubscriptionId): Promise<Seen | undefined> {
  const subscription = await getSubscription(db, sellerId, id)
  const payer = subscription && (await payerOf(db, sellerId, subscription.accountId))
  return subscription && payer && { subscription, payer, unfinished: await unfinishedOf(db, sellerId, id) }
}

const decide = ({ subscription, payer, unfinished }: Seen, now: Date): Step =>
  nextStep(subscription, payer, unfinished === undefined, now)

/** One step. @returns Whether to look again at once. */
async function advanceTerm(deps: TermDeps, sellerId: SellerId, id: SubscriptionId): Promise<boolean> {
  const { db, clock } = deps
  const at = clock.now()
  const before = await look(db, sellerId, id)
  const expected = before && decide(before, at)
  if (!before || !expected) return false
  // What was priced for the period that ends is not paid any more; orders are locked before subscriptions.
  const { unfinished } = before
  if (unfinished?.status === 'waiting_for_payment' && endsOrder(expected, unfinished.type)) {
    const reason = 'The period ended before it was paid.'
    await cancelOrder(db, clock, SYSTEM, { sellerId, orderId: unfinished.id, reason, byStaff: false })
  }
  const again = await transaction(db, async (tx) => {
    await lockSubscription(tx, sellerId, id)
    const seen = await look(tx, sellerId, id)
    if (!seen) return false
    const step = decide(seen, at)
    return step.kind === expected.kind ? take(tx, deps, seen, step, at) : true
  })
  if (expected.kind === 'renew') crashPoint('term.renewed')
  return again
}

const endsOrder = (step: Step, type: string): boolean =>
  step.kind === 'stop' || (step.kind === 'grace' && type !== 'renewal')

async function take(tx: Tx, deps: TermDeps, seen: Seen, step: Step, at: Date): Promise<boolean> {
  const { subscription, unfinished } = seen
  const { sellerId, id } = subscription
  const cause = { actor: SYSTEM, correlationId: newId<CorrelationId>(at.getTime()), at }
  switch (step.kind) {
    case 'wait':
      await setLife(tx, sellerId, id, { dueAt: step.until })
      return false
    case 'grace':
      await moveSubscription(tx, sellerId, id, 'graced', at)
      await tell(
        tx,
        subscription,
        'subscription.graced',
        { stops_at: addDays(subscription.periodEndsAt ?? at, seen.payer.graceDays) },
        at,
      )
      return true
    case 'renew':
      return renew(tx, deps, seen, at)
    case 'stop':
      // Something is being done about it: its outcome first.
      if (unfinished) {
        await setLife(tx, sellerId, id, { dueAt: new Date(at.getTime() + HOUR_MS) })
        return false
      }
      await setLife(tx, sellerId, id, { stopReason: step.reason, dueAt: null })
      await askOperation(tx, subscription, 'stop', cause)
      return false
    case 'delete':
      // Somebody may be about to pay for it.
      if (unfinished) {
        await setLife(tx, sellerId, id, { dueAt: new Date(at.getTime() + HOUR_MS) })
        return false
      }
      await setLife(tx, sellerId, id, { dueAt: null })
      await askOperation(tx, subscription, 'delete', cause)
      return false
  }
}

/**
 * Orders the next period, which is paid at once from a balance that covers it. It costs no more a month than was agreed, or
 * than was announced in time to cancel.
 */
async function renew(tx: Tx, { catalog }: TermDeps, { subscription, payer }: Seen, at: Date): Promise<boolean> {
  const { sellerId, id } = subscription
  const running = await readRunning(tx, sellerId, id)
  const inMemory = await catalog.get(sellerId)
  const isCurrent = inMemory.version === (await priceVersionOf(tx, sellerId))
  const snapshot = isCurrent ? inMemory : await catalog.refresh(sellerId)
  const storeId = await latestStoreOf(tx, sellerId, id)
  if (!running || !storeId) return false
  const priced = judgeRenewal(snapshot, running, subscription.planPeriodId, payer, at)
  const isActive = payer.status === 'active'
  if ('kind' in priced || !isActive) {
    const next = nextStep(subscription, payer, false, at)
    await setLife(tx, sellerId, id, { dueAt: next.kind === 'wait' ? next.until : at })
    const message = 'kind' in priced ? priced.message : 'The account may not order now.'
    await tell(tx, subscription, 'subscription.renewal_refused', { message }, at)
    return next.kind !== 'wait'
  }
  const actor = systemActor(sellerId, subscription.accountId, payer.sellerPath, 'terms')
  const checkout = {
    sellerId,
    id: newId<CheckoutId>(at.getTime()),
    type: 'renewal' as const,
    subscriptionId: id,
    accountId: payer.id,
    storeId,
    createdBy: 'system:terms',
    query: '',
    selection: {
      planId: subscription.planId,
      planPeriodId: subscription.planPeriodId,
      quantities: {},
      topupMinor: null,
      attributes: {},
      skipAllSteps: true,
      orderType: null,
      ga: null,
    },
    managerKey: null,
    touch: null,
    idempotencyKey: null,
    correlationId: newId<CorrelationId>(at.getTime()),
    createdAt: at,
    expiresAt: addDays(at, KEPT_DAYS),
  }
  await insertCheckout(tx, checkout)
  const balanceMinor = (await balancesOf(tx, sellerId, [payer.id])).get(payer.id) ?? 0n
  const paysFromBalance = priced.payment !== null && balanceMinor >= priced.quote.totalMinor
  await writeChange(tx, {
    actor,
    checkout: { ...checkout, status: 'open', orderId: null, version: 1n },
    payer,
    running,
    priced,
    paysFromBalance,
    priceVersion: snapshot.version,
    at,
  })
  return true
}

const tell = (tx: Tx, subscription: Subscription, type: string, payload: Record<string, unknown>, at: Date) =>
  publish(tx, {
    sellerId: subscription.sellerId,
    subject: { kind: 'subscription', id: subscription.id },
    tenantId: subscription.accountId,
    actor: SYSTEM,
    correlationId: newId(at.getTime()),
    at,
    type,
    payload: { subscription_id: subscription.id, account_id: subscription.accountId, ...payload },
  })
