import { sql } from 'kysely'
import type { SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import { toJson } from '../platform/events/publish.ts'
import type { UsageKey } from '../usage/index.ts'

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
      from wanted
     where not exists (select from quota_grants
                        where seller_id = ${sellerId} and subscription_id = ${subscriptionId} and revision > ${revision})
     order by usage_name
    on conflict (seller_id, subscription_id, usage_name)
    do update set units = excluded.units, revision = excluded.revision where quota_grants.revision <= excluded.revision`.execute(
    tx,
  )
}

/**
 * Queues the requests for one subscription until the transaction ends. Which usages are to be locked is read from its
 * grants before they are locked: another request must not add one in between.
 */
export async function lockGrants(tx: Tx, subscriptionId: SubscriptionId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`grants ${subscriptionId}`}, 0))`.execute(tx)
}

/** Usages that a tenant has a grant of. */
export async function grantedUsages(tx: Tx, sellerId: SellerId, tenantId: TenantId): Promise<string[]> {
  const rows = await tx
    .selectFrom('quota_grants')
    .where('seller_id', '=', sellerId)
    .where('tenant_id', '=', tenantId)
    .select('usage_name')
    .distinct()
    .execute()
  return rows.map((row) => row.usage_name)
}

/** Sets what was given by hand. A quota that is unlimited has no overage. */
export async function putQuota(
  tx: Tx,
  quota: UsageKey & {
    readonly sellerId: SellerId
    readonly base: bigint | null
    readonly overage: bigint | null
    readonly at: Date
  },
): Promise<void> {
  await sql`
    insert into quotas (seller_id, tenant_id, usage_name, base, overage, version, updated_at)
    values (${quota.sellerId}, ${quota.tenantId}, ${quota.usageName}, ${quota.base}, ${quota.overage}, 0, ${quota.at})
    on conflict (seller_id, tenant_id, usage_name)
    do update set base = excluded.base, overage = excluded.overage, updated_at = excluded.updated_at`.execute(tx)
}

/**
 * Marks quotas as changed, those with grants alone too: who read the total before must not write it back over a grant.
 * The version is the time of the change in milliseconds, or one more than before where that is later.
 */
export async function raiseVersions(tx: Tx, sellerId: SellerId, keys: readonly UsageKey[], at: Date): Promise<void> {
  const wanted = toJson(keys.map(({ tenantId, usageName }) => ({ tenant: tenantId, name: usageName })))
  const version = BigInt(at.getTime())
  await sql`
    insert into quotas as q (seller_id, tenant_id, usage_name, base, overage, version, updated_at)
    select ${sellerId}::uuid, tenant, name, 0, null, ${version}::bigint, ${at}::timestamptz
      from jsonb_to_recordset(${wanted}::jsonb) as k (tenant uuid, name text)
     where exists (select from quotas h where h.seller_id = ${sellerId} and h.tenant_id = tenant and h.usage_name = name)
        or exists (select from quota_grants g where g.seller_id = ${sellerId} and g.tenant_id = tenant and g.usage_name = name)
    on conflict (seller_id, tenant_id, usage_name)
    do update set version = greatest(q.version + 1, excluded.version), updated_at = excluded.updated_at`.execute(tx)
}
