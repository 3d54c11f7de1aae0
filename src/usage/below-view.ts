import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import type { UsageKey } from './schema.ts'

/** What all below a tenant use together; a reviewed read over the sellers there. @param path Of the tenant. */
export async function ownUsageBelow(db: Db, path: string, { tenantId, usageName }: UsageKey): Promise<bigint> {
  const { rows } = await sql<{ units: bigint }>`
    select coalesce(sum(u.own), 0)::bigint as units from usages u join tenants t on t.id = u.tenant_id
     where t.path <@ ${path}::ltree and t.id <> ${tenantId} and t.deleted_at is null and u.usage_name = ${usageName}`.execute(
    db,
  )
  return rows[0]?.units ?? 0n
}
