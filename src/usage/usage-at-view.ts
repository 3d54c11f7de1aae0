import { sql } from 'kysely'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'

export interface UsageAt {
  readonly usageName: string
  readonly at: Date
  /** Never below 0. */
  readonly value: bigint
}

/**
 * What a tenant and all below it used at given instants, told from the record of reports: the latest value of each up to
 * then, plus the deltas after it. What arrives late for an instant is in the next answer for it.
 */
export async function usageAt(
  db: Db | Tx,
  sellerId: SellerId,
  tenantId: TenantId,
  usageNames: readonly string[],
  instants: readonly Date[],
): Promise<UsageAt[]> {
  if (usageNames.length === 0 || instants.length === 0) return []
  const { rows } = await sql<UsageAt>`
    with members as (
      select below.id from tenants t join tenants below on below.path <@ t.path
       where t.id = ${tenantId} and below.seller_id = ${sellerId}
    )
    select n.usage_name as "usageName", i.at,
           greatest(coalesce(sum(coalesce(v.value, 0) + coalesce(d.delta, 0)), 0), 0)::bigint as value
      from unnest(${[...usageNames]}::text[]) n (usage_name)
      cross join unnest(${[...instants]}::timestamptz[]) i (at)
      cross join members m
      left join lateral (
        select e.occurred_at, e.value from usage_events e
         where e.seller_id = ${sellerId} and e.tenant_id = m.id and e.usage_name = n.usage_name
           and e.value is not null and e.occurred_at <= i.at
         order by e.occurred_at desc, e.value desc limit 1) v on true
      left join lateral (
        select sum(e.delta) as delta from usage_events e
         where e.seller_id = ${sellerId} and e.tenant_id = m.id and e.usage_name = n.usage_name
           and e.delta is not null and e.occurred_at <= i.at
           and (v.occurred_at is null or e.occurred_at > v.occurred_at)) d on true
     group by n.usage_name, i.at
     order by i.at, n.usage_name`.execute(db)
  return rows
}

/** The earliest time that usage was reported for since `after`, among times before `before`; undefined where none was. */
export async function earliestLateUsage(
  db: Db | Tx,
  sellerId: SellerId,
  tenantId: TenantId,
  { after, before }: { readonly after: Date; readonly before: Date },
): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(e.occurred_at) as at from tenants t
      join tenants below on below.path <@ t.path
      join usage_events e on e.seller_id = ${sellerId} and e.tenant_id = below.id
     where t.id = ${tenantId} and e.received_at >= ${after} and e.occurred_at < ${before}`.execute(db)
  return rows[0]?.at ?? undefined
}
