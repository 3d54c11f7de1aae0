import { sql } from 'kysely'
import type { SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { usagesOf } from '../usage/index.ts'
import type { Quota } from './schema.ts'

/** Sets what a subscription grants of one usage. */
export async function putGrant(
  tx: Tx,
  grant: {
    readonly sellerId: SellerId
    readonly subscriptionId: SubscriptionId
    readonly tenantId: TenantId
    readonly usageName: string
    readonly units: bigint
    readonly at: Date
  },
): Promise<void> {
  await sql`
    insert into quota_grants (seller_id, subscription_id, usage_name, tenant_id, units, granted_at)
    values (${grant.sellerId}, ${grant.subscriptionId}, ${grant.usageName}, ${grant.tenantId}, ${grant.units}, ${grant.at})
    on conflict (seller_id, subscription_id, usage_name) do update set units = excluded.units`.execute(tx)
}

/**
 * A tenant's quotas with what it uses, by usage name. A tenant that only has grants has a base of 0; a base of null is
 * unlimited, whatever is granted.
 */
export async function quotasOf(db: Db, sellerId: SellerId, tenantId: TenantId): Promise<Quota[]> {
  const { rows } = await sql<Omit<Quota, 'used'>>`
    with granted as (
      select usage_name, sum(units)::bigint as units from quota_grants
       where seller_id = ${sellerId} and tenant_id = ${tenantId} group by usage_name
    ), based as (
      select usage_name, base from quotas where seller_id = ${sellerId} and tenant_id = ${tenantId}
    )
    select usage_name as "usageName",
           case when b.usage_name is not null and b.base is null then null else coalesce(b.base, 0) + coalesce(g.units, 0) end as value,
           coalesce(g.units, 0) as granted
      from granted g full join based b using (usage_name)
     order by usage_name`.execute(db)
  const used = await usagesOf(db, sellerId, tenantId)
  return rows.map((quota) => ({ ...quota, used: used.get(quota.usageName) ?? null }))
}
