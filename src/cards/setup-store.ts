import { sql } from 'kysely'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { isSilent } from './page-store.ts'
import type { CardSetup } from './schema.ts'

const COLUMNS = [
  'seller_id as sellerId',
  'id',
  'account_id as accountId',
  'gateway_id as gatewayId',
  'url',
  'status',
  'return_url as returnUrl',
  sql<CardSetup['agreedBy']>`agreed_by`.as('agreedBy'),
  'expires_at as expiresAt',
] as const

export async function insertSetup(tx: Tx, setup: CardSetup, at: Date): Promise<void> {
  await tx
    .insertInto('card_setups')
    .values({
      seller_id: setup.sellerId,
      id: setup.id,
      account_id: setup.accountId,
      gateway_id: setup.gatewayId,
      url: setup.url,
      status: setup.status,
      return_url: setup.returnUrl,
      agreed_by: JSON.stringify(setup.agreedBy),
      created_at: at,
      expires_at: setup.expiresAt,
      updated_at: at,
    })
    .execute()
}

/** Pages on which a card of an account may still be entered, newest first. */
export const openSetupsOf = (db: Db | Tx, sellerId: SellerId, accountId: TenantId): Promise<CardSetup[]> =>
  db
    .selectFrom('card_setups')
    .where('seller_id', '=', sellerId)
    .where('account_id', '=', accountId)
    .where('status', '=', 'open')
    .select(COLUMNS)
    .orderBy('id', 'desc')
    .execute()

/** By the gateway's id, which is unique at the gateway; a reviewed read over all sellers, for webhooks. */
export const findSetupByGatewayId = (db: Db, gatewayId: string): Promise<CardSetup | undefined> =>
  db.selectFrom('card_setups').where('gateway_id', '=', gatewayId).select(COLUMNS).executeTakeFirst()

/** Open pages that nothing was heard of since `before`, oldest first, of all sellers (a reviewed fan-out). */
export const silentSetups = (db: Db, before: Date, limit: number): Promise<CardSetup[]> =>
  db
    .selectFrom('card_setups')
    .where('status', '=', 'open')
    .where(isSilent('card_setups', before))
    .orderBy('updated_at')
    .limit(limit)
    .select(COLUMNS)
    .execute()

/** Ends an open page, or only notes that it was looked at. @returns false where it had ended before. */
export async function moveSetup(
  db: Db | Tx,
  setup: CardSetup,
  status: CardSetup['status'],
  at: Date,
): Promise<boolean> {
  const result = await db
    .updateTable('card_setups')
    .where('seller_id', '=', setup.sellerId)
    .where('id', '=', setup.id)
    .where('status', '=', 'open')
    .set({ status, updated_at: at })
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}
