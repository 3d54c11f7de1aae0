import { sql } from 'kysely'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { ActorLabel } from '../platform/actor.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { GatewayCard } from './gateway.ts'
import type { SavedCard } from './schema.ts'

type Whose = { readonly sellerId: SellerId; readonly accountId: TenantId }

const COLUMNS = [
  'seller_id as sellerId',
  'id',
  'account_id as accountId',
  'gateway_id as gatewayId',
  'brand',
  'last4',
  'exp_month as expMonth',
  'exp_year as expYear',
  'is_default as isDefault',
  'created_at as createdAt',
] as const

/** Who an account is at the gateway; undefined: nobody yet. */
export async function findHolder(db: Db | Tx, { sellerId, accountId }: Whose): Promise<string | undefined> {
  const row = await db
    .selectFrom('card_holders')
    .where('seller_id', '=', sellerId)
    .where('account_id', '=', accountId)
    .select('gateway_id as gatewayId')
    .executeTakeFirst()
  return row?.gatewayId
}

/** Notes who an account is at the gateway. The first one stays. */
export async function insertHolder(db: Db, { sellerId, accountId }: Whose, gatewayId: string, at: Date): Promise<void> {
  await db
    .insertInto('card_holders')
    .values({ seller_id: sellerId, account_id: accountId, gateway_id: gatewayId, created_at: at })
    .onConflict((conflict) => conflict.columns(['seller_id', 'account_id']).doNothing())
    .execute()
}

/** Queues those who change an account's cards. */
export async function lockHolder(tx: Tx, { sellerId, accountId }: Whose): Promise<void> {
  await tx
    .selectFrom('card_holders')
    .where('seller_id', '=', sellerId)
    .where('account_id', '=', accountId)
    .select('gateway_id')
    .forUpdate()
    .execute()
}

/** Cards that are kept, the one that is charged first, then the newest. */
export const cardsOf = (db: Db | Tx, { sellerId, accountId }: Whose): Promise<SavedCard[]> =>
  db
    .selectFrom('saved_cards')
    .where('seller_id', '=', sellerId)
    .where('account_id', '=', accountId)
    .where('removed_at', 'is', null)
    .select(COLUMNS)
    .orderBy('is_default', 'desc')
    .orderBy('id', 'desc')
    .execute()

/** One that is kept, or was. */
export const findCard = (db: Db | Tx, sellerId: SellerId, id: string): Promise<SavedCard | undefined> =>
  db.selectFrom('saved_cards').where('seller_id', '=', sellerId).where('id', '=', id).select(COLUMNS).executeTakeFirst()

/** @returns The card, or undefined where it was there already. */
export async function insertCard(
  tx: Tx,
  { sellerId, accountId }: Whose,
  card: GatewayCard & { readonly cardId: string; readonly agreedBy: ActorLabel },
  at: Date,
): Promise<boolean> {
  const { rows } = await sql`
    insert into saved_cards (seller_id, id, account_id, gateway_id, brand, last4, exp_month, exp_year, fingerprint, is_default, agreed_by, created_at)
    values (${sellerId}, ${card.cardId}, ${accountId}, ${card.id}, ${card.brand}, ${card.last4}, ${card.expMonth}, ${card.expYear},
            ${card.fingerprint}, false, ${JSON.stringify(card.agreedBy)}::jsonb, ${at})
    on conflict (seller_id, gateway_id) do nothing returning id`.execute(tx)
  return rows.length === 1
}

/** Ids of other kept cards with the same number. */
export async function copiesOf(
  tx: Tx,
  { sellerId, accountId }: Whose,
  { cardId, fingerprint }: { readonly cardId: string; readonly fingerprint: string | null },
): Promise<string[]> {
  const rows = await tx
    .selectFrom('saved_cards')
    .where('seller_id', '=', sellerId)
    .where('account_id', '=', accountId)
    .where('removed_at', 'is', null)
    .where('fingerprint', '=', fingerprint)
    .where('id', '<>', cardId)
    .select('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** The one card of an account that is charged; the holder's row is locked. */
export async function setDefault(tx: Tx, { sellerId, accountId }: Whose, cardId: string): Promise<void> {
  await tx
    .updateTable('saved_cards')
    .where('seller_id', '=', sellerId)
    .where('account_id', '=', accountId)
    .where('is_default', '=', true)
    .where('id', '<>', cardId)
    .set({ is_default: false })
    .execute()
  await tx
    .updateTable('saved_cards')
    .where('seller_id', '=', sellerId)
    .where('id', '=', cardId)
    .where('removed_at', 'is', null)
    .set({ is_default: true })
    .execute()
}

/** @returns false where it was removed before. */
export async function markRemoved(tx: Tx, sellerId: SellerId, cardId: string, at: Date): Promise<boolean> {
  const result = await tx
    .updateTable('saved_cards')
    .where('seller_id', '=', sellerId)
    .where('id', '=', cardId)
    .where('removed_at', 'is', null)
    .set({ removed_at: at, is_default: false })
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}
