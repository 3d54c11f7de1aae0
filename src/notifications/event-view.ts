import { sql } from 'kysely'
import type { SellerId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { StoredEvent } from '../platform/events/schema.ts'
import { EVENT_NAMES } from './catalogue.ts'

const EVENTS = sql`
  select seller_id as "sellerId", id, type, json_build_object('kind', subject_kind, 'id', subject_id) as subject,
         tenant_id as "tenantId", payload, actor, correlation_id as "correlationId", occurred_at as at
    from events`

/** Events of a seller that webhooks may hear of, oldest first. */
export async function listEventsSince(
  db: Db | Tx,
  sellerId: SellerId,
  since: Date,
  limit: number,
): Promise<StoredEvent[]> {
  const { rows } = await sql<StoredEvent>`
    ${EVENTS} where seller_id = ${sellerId} and occurred_at >= ${since} and type = any(${[...EVENT_NAMES]})
     order by id limit ${limit}`.execute(db)
  return rows
}
/** Past events of a type, newest first: what a template is tried with. Of these sellers alone. */
export async function listPastEvents(
  db: Db | Tx,
  sellerIds: readonly SellerId[],
  type: string,
  limit: number,
): Promise<StoredEvent[]> {
  const { rows } = await sql<StoredEvent>`
    ${EVENTS} where seller_id = any(${[...sellerIds]}::uuid[]) and type = ${type}
     order by id desc limit ${limit}`.execute(db)
  return rows
}

export async function findEvent(
  db: Db | Tx,
  sellerIds: readonly SellerId[],
  id: string,
): Promise<StoredEvent | undefined> {
  const { rows } = await sql<StoredEvent>`
    ${EVENTS} where seller_id = any(${[...sellerIds]}::uuid[]) and id = ${id}`.execute(db)
  return rows[0]
}
