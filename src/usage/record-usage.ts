import { sql } from 'kysely'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'

export interface UsageReport {
  readonly sellerId: SellerId
  readonly tenantId: TenantId
  readonly usageName: string
  /** What is used at `at`: bytes for storage, counts for the rest. */
  readonly value: bigint
  readonly at: Date
}

/** Records an absolute usage: the latest instant wins, and each UTC day keeps the latest value it saw. */
export async function recordUsage(tx: Tx, report: UsageReport): Promise<void> {
  await sql`
    insert into usages (seller_id, tenant_id, usage_name, value, updated_at)
    values (${report.sellerId}, ${report.tenantId}, ${report.usageName}, ${report.value}, ${report.at})
    on conflict (seller_id, tenant_id, usage_name)
    do update set value = excluded.value, updated_at = excluded.updated_at where usages.updated_at <= excluded.updated_at`.execute(
    tx,
  )
  await sql`
    insert into usage_samples (seller_id, tenant_id, usage_name, day, value)
    values (${report.sellerId}, ${report.tenantId}, ${report.usageName}, ${report.at.toISOString().slice(0, 10)}, ${report.value})
    on conflict (seller_id, tenant_id, usage_name, day) do update set value = excluded.value`.execute(tx)
}

/** What a tenant uses now, by usage name. */
export async function usagesOf(db: Db, sellerId: SellerId, tenantId: TenantId): Promise<Map<string, bigint>> {
  const rows = await db
    .selectFrom('usages')
    .where('seller_id', '=', sellerId)
    .where('tenant_id', '=', tenantId)
    .select(['usage_name', 'value'])
    .execute()
  return new Map(rows.map((row) => [row.usage_name, row.value]))
}
