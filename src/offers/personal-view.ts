import { sql } from 'kysely'
import { z } from 'zod'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { AnswerView } from './offer-shape.ts'
import type { OfferId } from './store.ts'

/** A user's own quota that had run out beside the customer's, with the order that raised the latter. */
export interface Personal {
  readonly tenantId: TenantId
  readonly usageName: string
  readonly orderId: string
  /** By how much the customer's quota rose. */
  readonly tenantRise: bigint
}

/** Of the user who asked for an offer; nothing of orders that were taken back. */
export async function findPersonal(tx: Tx, sellerId: SellerId, offerId: OfferId): Promise<Personal[]> {
  const { rows } = await sql<{
    tenantId: TenantId
    answer: z.input<typeof AnswerView>
    chosen: number
    position: number
    orderId: string
    granted: { resourceId: string; usageName: string }[]
  }>`
    select p.id as "tenantId", f.answer, f.chosen, x.position, o.id as "orderId",
           (select coalesce(jsonb_agg(jsonb_build_object('resourceId', r.resource_id::text, 'usageName', r.usage_name)), '[]')
              from subscription_resources r
             where r.seller_id = o.seller_id and r.subscription_id = o.subscription_id and r.usage_name is not null) as granted
      from offers f
      join users u on u.seller_id = f.seller_id and u.id = f.user_id
      join tenants p on p.id = u.personal_tenant_id and p.deleted_at is null
      join offer_orders x on x.seller_id = f.seller_id and x.offer_id = f.id
      join orders o on o.seller_id = x.seller_id and o.id = x.order_id
     where f.seller_id = ${sellerId} and f.id = ${offerId} and p.seller_id = f.seller_id
       and not exists (select 1 from orders undo where undo.seller_id = o.seller_id and undo.reverses_order_id = o.id and undo.status = 'completed')
     order by x.position`.execute(tx)
  const [first] = rows
  if (!first) return []
  const answer = z.decode(AnswerView, first.answer)
  const offer = answer.offers[first.chosen]
  const isShort = (name: string): boolean =>
    answer.items.some(({ of, usageName }) => of === 'user' && usageName === name)
  return (offer?.raises ?? [])
    .filter(({ usageName, from, to }) => to > from && isShort(usageName))
    .flatMap(({ usageName, from, to }) => {
      const order = rows.find(({ position, granted }) => {
        const changed = offer?.steps[position]?.resources.map(({ id }) => id) ?? []
        return granted.some((each) => each.usageName === usageName && changed.includes(each.resourceId))
      })
      return order ? [{ tenantId: first.tenantId, usageName, orderId: order.orderId, tenantRise: to - from }] : []
    })
}

/** Undefined for a tenant that is gone. */
export async function tenantPath(tx: Tx, id: TenantId): Promise<string | undefined> {
  const row = await tx
    .selectFrom('tenants')
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .select('path')
    .executeTakeFirst()
  return row?.path
}

/** What an order takes back; undefined for any other order. */
export async function reversedOrder(tx: Tx, sellerId: SellerId, orderId: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select reverses_order_id as id from orders
     where seller_id = ${sellerId} and id::text = ${orderId} and reverses_order_id is not null`.execute(tx)
  return rows[0]?.id
}

/** Where a user's own quotas are; undefined for one without, or gone. */
export async function personalTenantOf(
  db: Db,
  sellerId: SellerId,
  userId: string,
): Promise<{ readonly id: TenantId; readonly path: string } | undefined> {
  const { rows } = await sql<{ id: TenantId; path: string }>`
    select p.id, p.path from users u join tenants p on p.id = u.personal_tenant_id and p.deleted_at is null
     where u.seller_id = ${sellerId} and u.id::text = ${userId}`.execute(db)
  return rows[0]
}
