import { sql } from 'kysely'
import { z } from 'zod'
import type { CorrelationId, Id, OrderId, SellerId, TenantId, UserId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { toJson } from '../platform/events/publish.ts'
import { AnswerView } from './offer-shape.ts'
import type { HorizonDays } from './schema.ts'

export type OfferId = Id<'offer'>

declare module '../platform/db.ts' {
  interface Database {
    offers: { seller_id: SellerId; id: OfferId }
    offer_orders: { seller_id: SellerId; offer_id: OfferId }
  }
}

export interface NewOffers {
  readonly sellerId: SellerId
  readonly id: OfferId
  readonly accountId: TenantId
  readonly userId: string | null
  readonly place: string
  readonly horizonDays: HorizonDays
  readonly answer: AnswerView
  /** Where the click came from, if it is one of the reseller's own pages. */
  readonly returnUrl: string | null
  readonly correlationId: CorrelationId
  readonly at: Date
}

/** The same question within this time, with the same answer, is the page loaded again. */
const SAME_MINUTES = 30

/**
 * Keeps an answer. Asked again by the same user from the same place, with the same answer, it is the one kept before:
 * a page that is loaded again has been reached once.
 */
export async function keepOffers(
  tx: Tx,
  offers: NewOffers,
): Promise<{ readonly id: OfferId; readonly isNew: boolean }> {
  const answer = toJson(z.encode(AnswerView, offers.answer))
  const { rows: same } = await sql<{ id: OfferId }>`
    select id from offers
     where seller_id = ${offers.sellerId} and account_id = ${offers.accountId} and user_id is not distinct from ${offers.userId}::uuid and place = ${offers.place}
       and status = 'open' and asked_at is null and horizon_days = ${offers.horizonDays} and return_url is not distinct from ${offers.returnUrl}
       and created_at > ${new Date(offers.at.getTime() - SAME_MINUTES * 60_000)} and answer = ${answer}::jsonb
     order by created_at desc limit 1`.execute(tx)
  if (same[0]) return { id: same[0].id, isNew: false }
  await sql`
    insert into offers (seller_id, id, account_id, user_id, place, usage_names, horizon_days, kind, answer, return_url, correlation_id, created_at)
    values (${offers.sellerId}, ${offers.id}, ${offers.accountId}, ${offers.userId}, ${offers.place},
            ${[...new Set(offers.answer.items.map(({ usageName }) => usageName))]}, ${offers.horizonDays}, ${offers.answer.kind},
            ${answer}::jsonb, ${offers.returnUrl}, ${offers.correlationId}, ${offers.at})`.execute(tx)
  return { id: offers.id, isNew: true }
}

/** What each step was agreed at. */
export interface Agreed {
  readonly totalMinor: string
  readonly recurringMinor: string | null
}

/**
 * Chooses an offer: by whoever comes first; the same person may choose the same one again.
 * @returns What was agreed to the first time; undefined where another one was chosen, or by somebody else.
 */
export async function chooseOffer(
  tx: Tx,
  key: { readonly sellerId: SellerId; readonly id: OfferId },
  chosen: number,
  by: string,
  agreed: readonly Agreed[],
): Promise<readonly Agreed[] | undefined> {
  const choice = toJson({ by, agreed })
  await sql`
    update offers set status = 'placing', chosen = ${chosen}, chosen_by = ${choice}::jsonb
     where seller_id = ${key.sellerId} and id = ${key.id} and status = 'open'`.execute(tx)
  const { rows } = await sql<{ agreed: Agreed[] }>`
    select chosen_by->'agreed' as agreed from offers
     where seller_id = ${key.sellerId} and id = ${key.id} and chosen = ${chosen} and chosen_by->>'by' = ${by}`.execute(
    tx,
  )
  return rows[0]?.agreed
}

/** Nothing of it was ordered: it may be chosen anew. */
export async function unchooseOffer(db: Db, key: { readonly sellerId: SellerId; readonly id: OfferId }): Promise<void> {
  await sql`
    update offers set status = 'open', chosen = null, chosen_by = null
     where seller_id = ${key.sellerId} and id = ${key.id} and status = 'placing'
       and not exists (select 1 from offer_orders o where o.seller_id = ${key.sellerId} and o.offer_id = ${key.id})`.execute(
    db,
  )
}

export async function linkOrder(
  db: Db,
  sellerId: SellerId,
  id: OfferId,
  position: number,
  orderId: OrderId,
): Promise<void> {
  await sql`
    insert into offer_orders (seller_id, offer_id, position, order_id) values (${sellerId}, ${id}, ${position}, ${orderId})
    on conflict do nothing`.execute(db)
}

/** @returns Whether it was placed just now. */
export async function markPlaced(tx: Tx, sellerId: SellerId, id: OfferId, at: Date): Promise<boolean> {
  const { rows } = await sql`
    update offers set status = 'placed', placed_at = ${at}
     where seller_id = ${sellerId} and id = ${id} and status = 'placing' returning id`.execute(tx)
  return rows.length === 1
}

/** @returns Whether the provider is asked for the first time. */
export async function markAsked(tx: Tx, sellerId: SellerId, id: OfferId, question: string, at: Date): Promise<boolean> {
  const { rows } = await sql`
    update offers set asked_at = ${at}, question = ${question}
     where seller_id = ${sellerId} and id = ${id} and asked_at is null returning id`.execute(tx)
  return rows.length === 1
}

/** @returns Whether it is answered for the first time. */
export async function markAnswered(
  tx: Tx,
  sellerId: SellerId,
  id: OfferId,
  { reply, by, at }: { readonly reply: string; readonly by: UserId | null; readonly at: Date },
): Promise<boolean> {
  const { rows } = await sql`
    update offers set answered_at = ${at}, answered_by = ${by}, reply = ${reply}
     where seller_id = ${sellerId} and id = ${id} and asked_at is not null and answered_at is null returning id`.execute(
    tx,
  )
  return rows.length === 1
}

/** It was given for nothing. @returns Whether that is news. */
export async function markReassigned(tx: Tx, sellerId: SellerId, id: OfferId, at: Date): Promise<boolean> {
  const { rows } = await sql`
    update offers set reassigned_at = ${at}
     where seller_id = ${sellerId} and id = ${id} and reassigned_at is null returning id`.execute(tx)
  return rows.length === 1
}

/** All of its orders are done. @returns Whether that is news. */
export async function markRaised(tx: Tx, sellerId: SellerId, id: OfferId, at: Date): Promise<boolean> {
  const { rows } = await sql`
    update offers set raised_at = ${at}
     where seller_id = ${sellerId} and id = ${id} and raised_at is null and status = 'placed' returning id`.execute(tx)
  return rows.length === 1
}
