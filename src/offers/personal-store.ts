import { sql } from 'kysely'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import type { OfferId } from './store.ts'

declare module '../platform/db.ts' {
  interface Database {
    personal_raises: { seller_id: SellerId; offer_id: OfferId }
  }
}

export interface PersonalRaise {
  readonly sellerId: SellerId
  readonly offerId: OfferId
  readonly usageName: string
  readonly orderId: string
  readonly tenantId: TenantId
  readonly units: bigint
  readonly at: Date
}

export async function keepRaise(tx: Tx, raise: PersonalRaise): Promise<void> {
  await sql`
    insert into personal_raises (seller_id, offer_id, usage_name, order_id, tenant_id, units, raised_at)
    values (${raise.sellerId}, ${raise.offerId}, ${raise.usageName}, ${raise.orderId}, ${raise.tenantId}, ${raise.units}, ${raise.at})`.execute(
    tx,
  )
}

/**
 * Marks what rose with an order as lowered. Waits for its offer, which may be raising just now.
 *
 * @returns What was marked just now.
 */
export async function lowerRaises(
  tx: Tx,
  sellerId: SellerId,
  orderId: string,
  at: Date,
): Promise<{ readonly tenantId: TenantId; readonly usageName: string; readonly units: bigint }[]> {
  await sql`
    select f.id from offers f join offer_orders o on o.seller_id = f.seller_id and o.offer_id = f.id
     where o.seller_id = ${sellerId} and o.order_id = ${orderId} for update of f`.execute(tx)
  const { rows } = await sql<{ tenantId: TenantId; usageName: string; units: bigint }>`
    update personal_raises set lowered_at = ${at}
     where seller_id = ${sellerId} and order_id = ${orderId} and lowered_at is null
    returning tenant_id as "tenantId", usage_name as "usageName", units`.execute(tx)
  return rows
}
