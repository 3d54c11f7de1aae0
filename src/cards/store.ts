import { sql } from 'kysely'
import type { PaymentId, SellerId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { isSilent } from './page-store.ts'
import type { CardSession } from './schema.ts'

const COLUMNS = [
  'seller_id as sellerId',
  'id',
  'payment_id as paymentId',
  'gateway_id as gatewayId',
  'url',
  'status',
  'amount_minor as amountMinor',
  'currency',
  'return_url as returnUrl',
  sql<CardSession['agreedBy']>`agreed_by`.as('agreedBy'),
  'expires_at as expiresAt',
] as const

export async function insertSession(tx: Tx, session: CardSession, at: Date): Promise<void> {
  await tx
    .insertInto('card_sessions')
    .values({
      seller_id: session.sellerId,
      id: session.id,
      payment_id: session.paymentId,
      gateway_id: session.gatewayId,
      url: session.url,
      status: session.status,
      amount_minor: session.amountMinor,
      currency: session.currency,
      return_url: session.returnUrl,
      agreed_by: session.agreedBy && JSON.stringify(session.agreedBy),
      created_at: at,
      expires_at: session.expiresAt,
      updated_at: at,
    })
    .execute()
}

/** Sessions of a payment that may still be paid on, newest first. */
export const openSessionsOf = (db: Db | Tx, sellerId: SellerId, paymentId: PaymentId): Promise<CardSession[]> =>
  db
    .selectFrom('card_sessions')
    .where('seller_id', '=', sellerId)
    .where('payment_id', '=', paymentId)
    .where('status', '=', 'open')
    .select(COLUMNS)
    .orderBy('id', 'desc')
    .execute()

/** By the gateway's id, which is unique at the gateway; a reviewed read over all sellers, for webhooks. */
export const findByGatewayId = (db: Db, gatewayId: string): Promise<CardSession | undefined> =>
  db.selectFrom('card_sessions').where('gateway_id', '=', gatewayId).select(COLUMNS).executeTakeFirst()

/** Open sessions that nothing was heard of since `before`, oldest first, of all sellers (a reviewed fan-out). */
export const silentSessions = (db: Db, before: Date, limit: number): Promise<CardSession[]> =>
  db
    .selectFrom('card_sessions')
    .where('status', '=', 'open')
    .where(isSilent('card_sessions', before))
    .orderBy('updated_at')
    .limit(limit)
    .select(COLUMNS)
    .execute()

/** Ends open sessions of one seller that were paid. */
export async function markPaid(tx: Tx, sellerId: SellerId, ids: readonly string[], at: Date): Promise<void> {
  await sql`
    update card_sessions set status = 'paid', updated_at = ${at}
     where seller_id = ${sellerId} and id = any(${ids}::uuid[]) and status = 'open'`.execute(tx)
}

/** Ends an open session, or only notes that it was looked at. */
export async function moveSession(
  db: Db,
  session: CardSession,
  status: Exclude<CardSession['status'], 'paid'>,
  at: Date,
): Promise<void> {
  await sql`
    update card_sessions set status = ${status}, updated_at = ${at}
     where seller_id = ${session.sellerId} and id = ${session.id} and status = 'open'`.execute(db)
}

/** Money that came for a payment by card, oldest first: on pages, and charged to saved cards. */
export async function paidByCard(db: Db | Tx, sellerId: SellerId, paymentId: PaymentId): Promise<PaidByCard[]> {
  const paid = (table: 'card_sessions' | 'card_charges') =>
    db
      .selectFrom(table)
      .where('seller_id', '=', sellerId)
      .where('payment_id', '=', paymentId)
      .where('status', '=', 'paid')
      .where('gateway_id', 'is not', null)
      .select(['id', sql<string>`gateway_id`.as('gatewayId'), 'amount_minor as amountMinor'])
      .orderBy('id')
      .execute()
  return [...(await paid('card_sessions')), ...(await paid('card_charges'))]
}

export interface PaidByCard {
  readonly id: string
  readonly gatewayId: string
  readonly amountMinor: bigint
}
