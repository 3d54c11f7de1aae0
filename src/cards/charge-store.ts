import type { PaymentId, SellerId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { isSilent } from './page-store.ts'
import type { CardCharge, ChargeStatus } from './schema.ts'

const COLUMNS = [
  'seller_id as sellerId',
  'id',
  'payment_id as paymentId',
  'card_id as cardId',
  'cause',
  'status',
  'amount_minor as amountMinor',
  'currency',
  'gateway_id as gatewayId',
  'message',
  'created_at as createdAt',
] as const

export const isSettledCharge = ({ status }: Pick<CardCharge, 'status'>): boolean =>
  status !== 'asked' && status !== 'pending'

export async function insertCharge(tx: Tx, charge: CardCharge): Promise<void> {
  await tx
    .insertInto('card_charges')
    .values({
      seller_id: charge.sellerId,
      id: charge.id,
      payment_id: charge.paymentId,
      card_id: charge.cardId,
      cause: charge.cause,
      status: charge.status,
      amount_minor: charge.amountMinor,
      currency: charge.currency,
      gateway_id: charge.gatewayId,
      message: charge.message,
      created_at: charge.createdAt,
      updated_at: charge.createdAt,
    })
    .execute()
}

/** What a payment was charged to cards, oldest first. */
export const chargesOf = (db: Db | Tx, sellerId: SellerId, paymentId: PaymentId): Promise<CardCharge[]> =>
  db
    .selectFrom('card_charges')
    .where('seller_id', '=', sellerId)
    .where('payment_id', '=', paymentId)
    .select(COLUMNS)
    .orderBy('id')
    .execute()

export const findCharge = (db: Db | Tx, sellerId: SellerId, id: string): Promise<CardCharge | undefined> =>
  db
    .selectFrom('card_charges')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .select(COLUMNS)
    .executeTakeFirst()

/** By the gateway's id, which is unique at the gateway; a reviewed read over all sellers, for webhooks. */
export const findChargeByGatewayId = (db: Db, gatewayId: string): Promise<CardCharge | undefined> =>
  db.selectFrom('card_charges').where('gateway_id', '=', gatewayId).select(COLUMNS).executeTakeFirst()

/** Charges that are not settled and that nothing was heard of since `before`, of all sellers (a reviewed fan-out). */
export const silentCharges = (db: Db, before: Date, limit: number): Promise<CardCharge[]> =>
  db
    .selectFrom('card_charges')
    .where('status', 'in', ['asked', 'pending'])
    .where(isSilent('card_charges', before))
    .orderBy('updated_at')
    .limit(limit)
    .select(COLUMNS)
    .execute()

/** Notes the gateway's name of it. The first one stays: under one idempotency key there is no other. */
export async function noteChargeId(db: Db, charge: CardCharge, gatewayId: string, at: Date): Promise<void> {
  await db
    .updateTable('card_charges')
    .where('seller_id', '=', charge.sellerId)
    .where('id', '=', charge.id)
    .where('gateway_id', 'is', null)
    .set({ gateway_id: gatewayId, updated_at: at })
    .execute()
}

/** Moves a charge that is not settled on. @returns false where it was settled before. */
export async function moveCharge(
  db: Db | Tx,
  charge: CardCharge,
  status: ChargeStatus,
  message: string,
  at: Date,
): Promise<boolean> {
  const result = await db
    .updateTable('card_charges')
    .where('seller_id', '=', charge.sellerId)
    .where('id', '=', charge.id)
    .where('status', 'in', ['asked', 'pending'])
    .set({ status, message, updated_at: at })
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}
