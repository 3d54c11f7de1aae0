import { sql } from 'kysely'
import type { SellerId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { EventHandler, HandlerId } from './schema.ts'

const handlers = (db: Db | Tx) =>
  db
    .selectFrom('event_handlers as h')
    .innerJoin('tenants', 'tenants.id', 'h.seller_id')
    .select([
      'h.seller_id as sellerId',
      'h.id as key',
      'h.name',
      'h.event_type as eventType',
      'h.channel',
      'h.recipients',
      'h.addresses',
      'h.endpoint_id as endpointId',
      'h.condition',
      'h.templates',
      'h.enabled',
      'h.delegated',
      'h.overrides',
      'tenants.path as ownerPath',
      'h.version',
    ])

/** Of these sellers, from the top of the tree down. */
export const listHandlers = (
  db: Db | Tx,
  sellerIds: readonly SellerId[],
  eventType?: string,
): Promise<EventHandler[]> =>
  handlers(db)
    .where('h.seller_id', '=', sql<SellerId>`any(${[...sellerIds]})`)
    .$if(eventType !== undefined, (query) => query.where(sql<boolean>`h.event_type = ${eventType ?? ''}`))
    .orderBy(sql`nlevel(tenants.path)`)
    .orderBy('h.id')
    .execute()

export const findHandler = (
  db: Db | Tx,
  sellerIds: readonly SellerId[],
  id: HandlerId,
): Promise<EventHandler | undefined> =>
  handlers(db)
    .where('h.seller_id', '=', sql<SellerId>`any(${[...sellerIds]})`)
    .where('h.id', '=', id)
    .executeTakeFirst()

/** Its row is locked until the transaction ends. @returns Its version. */
export async function lockHandler(tx: Tx, sellerId: SellerId, id: HandlerId): Promise<bigint | undefined> {
  const row = await tx
    .selectFrom('event_handlers')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .select('version')
    .forUpdate()
    .executeTakeFirst()
  return row?.version
}

const columns = (handler: EventHandler) => ({
  name: handler.name,
  event_type: handler.eventType,
  channel: handler.channel,
  recipients: [...handler.recipients],
  addresses: [...handler.addresses],
  endpoint_id: handler.endpointId,
  condition: handler.condition,
  templates: JSON.stringify(handler.templates),
  enabled: handler.enabled,
  delegated: handler.delegated,
})

/** @returns false where the seller has an override of the same handler already. */
export async function insertHandler(tx: Tx, sellerId: SellerId, handler: EventHandler, at: Date): Promise<boolean> {
  const row = await tx
    .insertInto('event_handlers')
    .values({
      seller_id: sellerId,
      id: handler.key,
      ...columns(handler),
      overrides: handler.overrides,
      created_at: at,
      updated_at: at,
    })
    .onConflict((conflict) => conflict.columns(['seller_id', 'overrides']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function updateHandler(tx: Tx, sellerId: SellerId, handler: EventHandler, at: Date): Promise<void> {
  await tx
    .updateTable('event_handlers')
    .set({ ...columns(handler), version: sql<bigint>`version + 1`, updated_at: at })
    .where('seller_id', '=', sellerId)
    .where('id', '=', handler.key)
    .execute()
}

export async function deleteHandler(tx: Tx, sellerId: SellerId, id: HandlerId): Promise<void> {
  await tx.deleteFrom('event_handlers').where('seller_id', '=', sellerId).where('id', '=', id).execute()
}
