import { sql } from 'kysely'
import { z } from 'zod'
import { accountVisibleTo } from '../accounts/index.ts'
import type { CheckoutId, CorrelationId, OrderId, SellerId, TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { AnswerView, type OffersView } from './offer-shape.ts'
import type { OfferId } from './store.ts'

interface Row {
  readonly sellerId: SellerId
  readonly id: OfferId
  readonly accountId: TenantId
  readonly accountName: string
  readonly userId: string | null
  readonly place: string
  readonly answer: z.input<typeof AnswerView>
  readonly status: OffersView['status']
  readonly chosen: number | null
  readonly returnUrl: string | null
  readonly correlationId: CorrelationId
  readonly createdAt: Date
  readonly placedAt: Date | null
  readonly raisedAt: Date | null
  readonly askedAt: Date | null
  readonly reply: string
  readonly answeredAt: Date | null
  readonly reassignedAt: Date | null
  readonly orders: {
    id: OrderId
    number: string
    status: OffersView['orders'][number]['status']
    totalMinor: string
    currency: string
    payment: { id: string; number: string; status: string } | null
  }[]
}

export type KnownOffers = OffersView & { readonly sellerId: SellerId; readonly userId: string | null }

/** An answer with what came of it; undefined where the caller sees none. */
export async function findOffers(db: Db, actor: Principal, id: OfferId): Promise<KnownOffers | undefined> {
  const { rows } = await sql<Row>`
    select f.seller_id as "sellerId", f.id, f.account_id as "accountId", t.name as "accountName", f.user_id as "userId", f.place, f.answer,
           f.status, f.chosen, f.return_url as "returnUrl", f.correlation_id as "correlationId", f.created_at as "createdAt", f.placed_at as "placedAt",
           f.raised_at as "raisedAt", f.asked_at as "askedAt",
           f.reply, f.answered_at as "answeredAt", f.reassigned_at as "reassignedAt",
           (select coalesce(jsonb_agg(jsonb_build_object(
                     'id', o.id, 'number', o.number, 'status', o.status, 'totalMinor', o.total_minor::text, 'currency', o.currency,
                     'payment', (select jsonb_build_object('id', p.id, 'number', p.number, 'status', p.status)
                                   from payments p where p.seller_id = o.seller_id and p.order_id = o.id order by p.id limit 1)
                   ) order by x.position), '[]')
              from offer_orders x join orders o on o.seller_id = x.seller_id and o.id = x.order_id
             where x.seller_id = f.seller_id and x.offer_id = f.id) as orders
      from offers f
      join accounts a on a.seller_id = f.seller_id and a.tenant_id = f.account_id
      join tenants t on t.id = f.account_id
     where f.id = ${id} and ${accountVisibleTo(actor)}
       and (f.seller_id = ${actor.sellerId} or exists (select 1 from tenants below where below.id = f.seller_id and below.path <@ ${actor.path}::ltree))`.execute(
    db,
  )
  const row = rows[0]
  if (!row) return undefined
  const { accountId, accountName, orders, answer, ...rest } = row
  return {
    ...rest,
    account: { id: accountId, name: accountName },
    answer: z.decode(AnswerView, answer),
    orders: orders.map(({ totalMinor, currency, ...order }) => ({
      ...order,
      total: { amountMinor: BigInt(totalMinor), currency },
    })),
    mayOrder: actor.scopes.has('checkouts:write'),
  }
}

/** The checkout that was made under a key before: it may be further than a new one could begin. */
export async function findDraft(
  db: Db,
  sellerId: SellerId,
  createdBy: string,
  idempotencyKey: string,
): Promise<CheckoutId | undefined> {
  const { rows } = await sql<{ id: CheckoutId }>`
    select id from checkouts
     where seller_id = ${sellerId} and created_by = ${createdBy} and idempotency_key = ${idempotencyKey}`.execute(db)
  return rows[0]?.id
}

/** The offer that an order belongs to, with how many of its orders are not done. */
export async function findOfferOfOrder(
  db: Db,
  sellerId: SellerId,
  orderId: string,
): Promise<
  | {
      readonly id: OfferId
      readonly accountId: TenantId
      readonly correlationId: CorrelationId
      readonly chosen: number
      readonly unfinished: number
    }
  | undefined
> {
  const { rows } = await sql<{
    id: OfferId
    accountId: TenantId
    correlationId: CorrelationId
    chosen: number
    unfinished: number
  }>`
    select f.id, f.account_id as "accountId", f.correlation_id as "correlationId", f.chosen,
           (select count(*)::int from offer_orders x join orders o on o.seller_id = x.seller_id and o.id = x.order_id
             where x.seller_id = f.seller_id and x.offer_id = f.id and o.status <> 'completed') as unfinished
      from offer_orders w join offers f on f.seller_id = w.seller_id and f.id = w.offer_id
     where w.seller_id = ${sellerId} and w.order_id::text = ${orderId}`.execute(db)
  return rows[0]
}
