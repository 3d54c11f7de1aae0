import { sql } from 'kysely'
import type { SellerId, TenantId, UserId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'

/** Takes the day's one mail about a usage. @returns false when it was taken within `sinceMs` or for this very alert event. */
export async function claimMail(
  tx: Tx,
  mail: {
    readonly sellerId: SellerId
    readonly userId: UserId
    readonly tenantId: TenantId
    readonly usageName: string
    readonly alertId: string
    readonly at: Date
    readonly notSince: Date
  },
): Promise<boolean> {
  const { rows } = await sql<{ ok: boolean }>`
    insert into quota_mails as m (seller_id, user_id, tenant_id, usage_name, alert_id, sent_at)
    values (${mail.sellerId}, ${mail.userId}, ${mail.tenantId}, ${mail.usageName}, ${mail.alertId}, ${mail.at})
    on conflict (seller_id, user_id, tenant_id, usage_name)
    do update set alert_id = excluded.alert_id, sent_at = excluded.sent_at where m.sent_at <= ${mail.notSince}
    returning true as ok`.execute(tx)
  return rows.length > 0
}

/** Origins that a seller allows, its own and those of sellers above it. */
export async function allowedOrigins(db: Db | Tx, tenantId: TenantId): Promise<string[]> {
  const { rows } = await sql<{ origin: string }>`
    select distinct o.origin from console_origins o
      join tenants owner on owner.id = o.tenant_id and owner.deleted_at is null
      join tenants t on t.id = ${tenantId} and owner.path @> t.path
     order by o.origin`.execute(db)
  return rows.map(({ origin }) => origin)
}

export async function listOrigins(db: Db | Tx, tenantId: TenantId): Promise<string[]> {
  const rows = await db
    .selectFrom('console_origins')
    .where('tenant_id', '=', tenantId)
    .select('origin')
    .orderBy('origin')
    .execute()
  return rows.map(({ origin }) => origin)
}

/** All origins of anybody: whom a browser may ask before it sends a token. */
export async function everyOrigin(db: Db): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom('console_origins').select('origin').distinct().execute()
  return new Set(rows.map(({ origin }) => origin))
}

/** Makes these a seller's origins. */
export async function replaceOrigins(tx: Tx, tenantId: TenantId, origins: readonly string[], at: Date): Promise<void> {
  await tx.deleteFrom('console_origins').where('tenant_id', '=', tenantId).execute()
  if (origins.length === 0) return
  await tx
    .insertInto('console_origins')
    .values(origins.map((origin) => ({ tenant_id: tenantId, origin, created_at: at })))
    .execute()
}
