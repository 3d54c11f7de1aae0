import { sql } from 'kysely'
import { accountVisibleTo } from '../accounts/index.ts'
import type { OrderId, SellerId, SubscriptionId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db, Tx } from '../platform/db.ts'
import { getSubscription, resourcesOf } from '../subscriptions/index.ts'
import { findPayer, type Payer } from './checkout-context-view.ts'
import { announcedPrices } from './price-change-store.ts'
import type { Running } from './rules.ts'
import type { Checkout, OrderStatus, OrderType } from './schema.ts'

/** A subscription with what it has. */
export async function readRunning(db: Db, sellerId: SellerId, id: SubscriptionId): Promise<Running | undefined> {
  const subscription = await getSubscription(db, sellerId, id)
  if (!subscription) return undefined
  const announced = await announcedPrices(db, sellerId, subscription.planId)
  return { subscription, resources: await resourcesOf(db, sellerId, id), announced }
}

/** A subscription that the caller may change, and who pays for it; undefined where the caller sees none. */
export async function findRunning(
  db: Db,
  actor: Principal,
  id: SubscriptionId,
): Promise<(Running & { readonly payer: Payer }) | undefined> {
  const { rows } = await sql<{ sellerId: SellerId; accountId: string }>`
    select s.seller_id as "sellerId", s.account_id as "accountId"
      from subscriptions s
      join accounts a on a.seller_id = s.seller_id and a.tenant_id = s.account_id
      join tenants t on t.id = s.account_id
     where s.id = ${id} and ${accountVisibleTo(actor)}`.execute(db)
  const found = rows[0]
  if (!found) return undefined
  const running = await readRunning(db, found.sellerId, id)
  const payer = await findPayer(db, actor, found.accountId)
  return running && payer && { ...running, payer }
}

export interface LockedCheckout {
  readonly status: Checkout['status']
  readonly orderId: OrderId | null
  readonly version: bigint
  readonly subscriptionId: SubscriptionId
  readonly accountVersion: bigint
  readonly priceVersion: bigint
  /** Of this subscription, neither completed nor cancelled. */
  readonly unfinishedOrderId: OrderId | null
}

/**
 * Locks a checkout, its account and its subscription, so that placings of either queue up, and reads the versions that
 * its price came from. Whether an order is unfinished is asked only once the locks are held.
 */
export async function lockCheckout(tx: Tx, { sellerId, id }: Checkout): Promise<LockedCheckout | undefined> {
  const { rows } = await sql<Omit<LockedCheckout, 'unfinishedOrderId'>>`
    select c.status, c.order_id as "orderId", c.version, s.id as "subscriptionId", a.version as "accountVersion",
           (select version from price_lists where seller_id = ${sellerId}) as "priceVersion"
      from checkouts c
      join accounts a on a.seller_id = c.seller_id and a.tenant_id = c.account_id
      join subscriptions s on s.seller_id = c.seller_id and s.id = c.subscription_id
     where c.seller_id = ${sellerId} and c.id = ${id}
       for no key update of c, a, s`.execute(tx)
  const locked = rows[0]
  if (!locked) return undefined
  return { ...locked, unfinishedOrderId: (await unfinishedOf(tx, sellerId, locked.subscriptionId))?.id ?? null }
}

/** Locks a subscription, so that whatever changes it queues up. */
export async function lockSubscription(tx: Tx, sellerId: SellerId, id: SubscriptionId): Promise<void> {
  await sql`select from subscriptions where seller_id = ${sellerId} and id = ${id} for no key update`.execute(tx)
}

/** The order of a subscription that is not finished; there is one at most. */
export async function unfinishedOf(
  db: Db,
  sellerId: SellerId,
  id: SubscriptionId,
): Promise<{ readonly id: OrderId; readonly type: OrderType; readonly status: OrderStatus } | undefined> {
  const { rows } = await sql<{ id: OrderId; type: OrderType; status: OrderStatus }>`
    select id, type, status from orders where seller_id = ${sellerId} and subscription_id = ${id}
       and status in ('waiting_for_payment', 'provisioning', 'provisioning_failed')`.execute(db)
  return rows[0]
}

/** The version of what a seller sells now, which a price has to come from. */
export async function priceVersionOf(tx: Tx, sellerId: SellerId): Promise<bigint | undefined> {
  const { rows } = await sql<{
    version: bigint
  }>`select version from price_lists where seller_id = ${sellerId}`.execute(tx)
  return rows[0]?.version
}
