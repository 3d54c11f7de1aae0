import { sql } from 'kysely'
import type { SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { usagesOf } from '../usage/index.ts'
import type { Quota } from './schema.ts'

/** All that a subscription grants, by usage name. */
export interface Grants {
  readonly sellerId: SellerId
  readonly subscriptionId: SubscriptionId
  readonly tenantId: TenantId
  /** Of the request that asks for it: grants of a later one stay as they are. */
  readonly revision: bigint
  readonly grants: ReadonlyMap<string, bigint>
  readonly at: Date
}

/**
 * Makes these the subscription's grants; what it granted besides becomes 0. Rows are never removed: the revision they
 * keep is what tells a request that comes late.
 */
export async function setGrants(
  tx: Tx,
  { sellerId, subscriptionId, tenantId, revision, grants, at }: Grants,
): Promise<void> {
  const wanted = JSON.stringify([...grants].map(([usage_name, units]) => ({ usage_name, units: units.toString() })))
  await sql`
    with wanted as (
      select * from jsonb_to_recordset(${wanted}::jsonb) as w (usage_name text, units bigint)
      union all
      select usage_name, 0 from quota_grants
       where seller_id = ${sellerId} and subscription_id = ${subscriptionId} and not ${wanted}::jsonb @> jsonb_build_array(jsonb_build_object('usage_name', usage_name))
    )
    insert into quota_grants (seller_id, subscription_id, usage_name, tenant_id, units, granted_at, revision)
    select ${sellerId}::uuid, ${subscriptionId}::uuid, usage_name, ${tenantId}::uuid, units, ${at}::timestamptz, ${revision}::bigint
      from wanted order by usage_name
    on conflict (seller_id, subscription_id, usage_name)
    do update set units = excluded.units, revision = excluded.revision where quota_grants.revision <= excluded.revision`.execute(
    tx,
  )
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
