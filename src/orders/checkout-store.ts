import { sql } from 'kysely'
import type { Selection } from '../buylinks/schema.ts'
import type { CheckoutId, OrderId, SellerId, TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Db, Tx } from '../platform/db.ts'
import { livesBy } from '../platform/seller-clocks.ts'
import type { Checkout } from './schema.ts'

/** JSON has no bigint: quantities and amounts are kept as decimal strings. */
export interface StoredSelection extends Omit<Selection, 'quantities' | 'topupMinor'> {
  readonly quantities: Readonly<Record<string, string>>
  readonly topupMinor: string | null
}

const toStored = (selection: Selection): StoredSelection => ({
  ...selection,
  quantities: Object.fromEntries(
    Object.entries(selection.quantities).map(([id, quantity]) => [id, quantity.toString()]),
  ),
  topupMinor: selection.topupMinor?.toString() ?? null,
})

export const fromStored = (stored: StoredSelection): Selection => ({
  ...stored,
  quantities: Object.fromEntries(Object.entries(stored.quantities).map(([id, quantity]) => [id, BigInt(quantity)])),
  topupMinor: stored.topupMinor === null ? null : BigInt(stored.topupMinor),
})

export interface NewCheckout extends Omit<Checkout, 'status' | 'orderId' | 'version'> {
  readonly createdBy: string
  readonly query: string
  readonly idempotencyKey: string | null
}

/** Writes a draft; the same one again under its idempotency key gives the first one's id. */
export async function insertCheckout(db: Db, checkout: NewCheckout): Promise<CheckoutId> {
  const { rows } = await sql<{ id: CheckoutId }>`
    insert into checkouts (seller_id, id, type, subscription_id, status, account_id, store_id, created_by, query, selection, manager_key, touch, idempotency_key,
                           correlation_id, created_at, expires_at)
    values (${checkout.sellerId}, ${checkout.id}, ${checkout.type}, ${checkout.subscriptionId}, 'open', ${checkout.accountId}, ${checkout.storeId}, ${checkout.createdBy},
            ${checkout.query}, ${JSON.stringify(toStored(checkout.selection))}::jsonb, ${checkout.managerKey},
            ${checkout.touch && JSON.stringify(checkout.touch)}::jsonb,
            ${checkout.idempotencyKey}, ${checkout.correlationId}, ${checkout.createdAt}, ${checkout.expiresAt})
    on conflict (seller_id, created_by, idempotency_key) do update set idempotency_key = excluded.idempotency_key
    returning id`.execute(db)
  return rows[0]!.id
}

/** Saves a changed selection if the checkout is still the open one that was read; false otherwise. */
export async function updateSelection(db: Db, checkout: Checkout, selection: Selection): Promise<boolean> {
  const { rows } = await sql`
    update checkouts set selection = ${JSON.stringify(toStored(selection))}::jsonb, version = version + 1
     where seller_id = ${checkout.sellerId} and id = ${checkout.id} and version = ${checkout.version} and status = 'open'
    returning id`.execute(db)
  return rows.length === 1
}

/** Drafts past their 30 days, of all sellers (a reviewed fan-out). */
export async function expireCheckouts(db: Db, clock: Clock): Promise<void> {
  const at = clock.now()
  await sql`
    update checkouts set status = 'expired', version = version + 1
     where status = 'open' and expires_at <= ${at} and ${livesBy(clock, 'checkouts.seller_id')}`.execute(db)
}

/** Marks a locked checkout as placed by an order. */
export async function claimCheckout(
  tx: Tx,
  checkout: Pick<Checkout, 'sellerId' | 'id'>,
  orderId: OrderId,
): Promise<void> {
  await sql`
    update checkouts set status = 'placed', order_id = ${orderId}, version = version + 1
     where seller_id = ${checkout.sellerId} and id = ${checkout.id}`.execute(tx)
}

/** Checkouts of accounts that leave the seller end; what was in them was priced by it. */
export async function closeCheckouts(
  tx: Tx,
  { tenantIds, from }: { readonly tenantIds: readonly TenantId[]; readonly from: SellerId },
): Promise<void> {
  await tx
    .updateTable('checkouts')
    .set({ status: 'expired' })
    .where('seller_id', '=', from)
    .where('account_id', '=', sql<TenantId>`any(${[...tenantIds]}::uuid[])`)
    .where('status', '=', 'open')
    .execute()
}
