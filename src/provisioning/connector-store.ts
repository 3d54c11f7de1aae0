import { sql } from 'kysely'
import type { SellerId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { WebhookConnector } from './schema.ts'

const COLUMNS = sql`c.seller_id as "sellerId", c.name, c.url, c.secret, c.deadline_minutes as "deadlineMinutes",
  c.pull_minutes as "pullMinutes", c.pull_failure as "pullFailure"`

/** The service of a name that a seller's plans mean: its own, else that of the nearest seller above, who delegated the plan. */
export async function findConnector(
  db: Db | Tx,
  sellerId: SellerId,
  name: string,
): Promise<WebhookConnector | undefined> {
  const { rows } = await sql<WebhookConnector>`
    select ${COLUMNS} from connectors c
      join tenants owner on owner.id = c.seller_id
      join tenants seller on seller.id = ${sellerId} and owner.path @> seller.path
     where c.name = ${name} order by nlevel(owner.path) desc limit 1`.execute(db)
  return rows[0]
}

export async function listConnectors(db: Db, sellerId: SellerId): Promise<WebhookConnector[]> {
  const { rows } = await sql<WebhookConnector>`
    select ${COLUMNS} from connectors c where c.seller_id = ${sellerId} order by c.name`.execute(db)
  return rows
}

/** Writes a connector; a `secret` of undefined keeps the one that is there. */
export async function putConnector(
  db: Tx,
  { sellerId, name, url, secret, deadlineMinutes, pullMinutes }: Omit<WebhookConnector, 'pullFailure'>,
  at: Date,
): Promise<void> {
  await sql`
    insert into connectors (seller_id, name, url, secret, deadline_minutes, pull_minutes, pull_at, created_at, updated_at)
    values (${sellerId}, ${name}, ${url}, ${secret}, ${deadlineMinutes}, ${pullMinutes}, ${pullMinutes === null ? null : at}, ${at}, ${at})
    on conflict (seller_id, name)
    do update set url = excluded.url, secret = excluded.secret, deadline_minutes = excluded.deadline_minutes,
                  pull_minutes = excluded.pull_minutes, pull_at = excluded.pull_at, pull_failure = '', updated_at = excluded.updated_at`.execute(
    db,
  )
}

/** A seller's own connector, locked: whoever removes or changes it queues here. */
export async function lockConnector(tx: Tx, sellerId: SellerId, name: string): Promise<WebhookConnector | undefined> {
  const { rows } = await sql<WebhookConnector>`
    select ${COLUMNS} from connectors c where c.seller_id = ${sellerId} and c.name = ${name} for update`.execute(tx)
  return rows[0]
}

export async function deleteConnector(tx: Tx, sellerId: SellerId, name: string): Promise<void> {
  await tx.deleteFrom('connectors').where('seller_id', '=', sellerId).where('name', '=', name).execute()
}
