import { sql } from 'kysely'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db, Tx } from '../platform/db.ts'
import { toJson } from '../platform/events/publish.ts'
import { visibleTo } from '../tenants/index.ts'
import type { TimedChange } from './rules.ts'
import type { DailyUsage, OwnUsage, UsageKey, UsageReport, UsageSubject } from './schema.ts'

/** Tenants the caller sees, each with those above it whose usage includes its own. Unknown ones are missing. */
export async function findSubjects(
  db: Db | Tx,
  actor: Pick<Principal, 'path'>,
  ids: readonly TenantId[],
): Promise<Map<TenantId, UsageSubject>> {
  const { rows } = await sql<UsageSubject>`
    select tenants.id as "tenantId", tenants.seller_id as "sellerId",
           case when tenants.kind <> 'unit' then '{}'::uuid[] else array(
             select above.id from tenants above
              where above.path @> tenants.path and above.id <> tenants.id and above.kind in ('unit', 'customer')) end as above
      from tenants
     where tenants.id = any(${[...ids]}::uuid[]) and ${visibleTo(actor)}`.execute(db)
  return new Map(rows.map((row) => [row.tenantId, row]))
}

export type KeyedReport = UsageReport & { readonly key: string }

/** Keeps the reports that are new. @returns Their keys. */
export async function keepReports(
  tx: Tx,
  sellerId: SellerId,
  reports: readonly KeyedReport[],
  at: Date,
): Promise<Set<string>> {
  const rows = reports.map(({ key, tenantId, usageName, source, eventId, at: time, change }) => ({
    key,
    tenant: tenantId,
    name: usageName,
    at: time,
    source,
    id: eventId,
    ...change,
  }))
  const { rows: fresh } = await sql<{ key: string }>`
    with incoming as (
      select * from jsonb_to_recordset(${toJson(rows)}::jsonb)
        as e (key uuid, tenant uuid, name text, at timestamptz, delta bigint, value bigint, source text, id text)
    ), fresh as (
      insert into usage_event_keys (seller_id, key, received_at)
      select ${sellerId}::uuid, key, ${at}::timestamptz from incoming order by key
      on conflict do nothing
      returning key
    ), kept as (
      insert into usage_events (seller_id, tenant_id, usage_name, occurred_at, key, delta, value, source, event_id, received_at)
      select ${sellerId}::uuid, tenant, name, at, key, delta, value, source, id, ${at}::timestamptz
        from incoming join fresh using (key)
    )
    select key from fresh`.execute(tx)
  return new Set(fresh.map(({ key }) => key))
}

export type UsageRow = UsageKey & OwnUsage & { readonly total: bigint }

/**
 * Locks usages until the transaction ends, in one order for everybody, and makes those that are not there yet (as never
 * reported). Whoever changes a quota takes the same locks, so that one of two always sees the other's change.
 */
export async function lockUsages(tx: Tx, sellerId: SellerId, keys: readonly UsageKey[]): Promise<UsageRow[]> {
  const wanted = toJson(keys.map(({ tenantId, usageName }) => ({ tenant: tenantId, name: usageName })))
  const lock = () =>
    sql<UsageRow>`
      select u.tenant_id as "tenantId", u.usage_name as "usageName", u.own, u.total, u.value_at as "valueAt", u.has_deltas as "hasDeltas"
        from usages u join jsonb_to_recordset(${wanted}::jsonb) as k (tenant uuid, name text)
          on u.tenant_id = k.tenant and u.usage_name = k.name
       where u.seller_id = ${sellerId}
       order by u.tenant_id, u.usage_name
         for update of u`.execute(tx)
  const found = await lock()
  if (found.rows.length === keys.length) return found.rows
  await sql`
    insert into usages (seller_id, tenant_id, usage_name, own, total)
    select ${sellerId}::uuid, tenant, name, 0, 0 from jsonb_to_recordset(${wanted}::jsonb) as k (tenant uuid, name text)
     order by tenant, name
    on conflict do nothing`.execute(tx)
  return (await lock()).rows
}

/** What the record says of one usage: its latest value, and the deltas after it. */
export async function listChanges(tx: Tx, sellerId: SellerId, key: UsageKey): Promise<TimedChange[]> {
  const { rows } = await sql<{ at: Date; delta: bigint | null; value: bigint | null }>`
    with latest as (
      select occurred_at, value from usage_events
       where seller_id = ${sellerId} and tenant_id = ${key.tenantId} and usage_name = ${key.usageName} and value is not null
       order by occurred_at desc, value desc limit 1
    )
    select occurred_at as at, null::bigint as delta, value from latest
    union all
    select e.occurred_at, e.delta, null from usage_events e left join latest l on true
     where e.seller_id = ${sellerId} and e.tenant_id = ${key.tenantId} and e.usage_name = ${key.usageName}
       and e.delta is not null and (l.occurred_at is null or e.occurred_at > l.occurred_at)`.execute(tx)
  return rows.map(({ at, delta, value }) => ({
    at,
    change: value === null ? { delta: delta ?? 0n } : { value },
  }))
}

/** Writes locked usages. `updatedAt` is the latest time they were reported for. */
export async function writeUsages(
  tx: Tx,
  sellerId: SellerId,
  rows: readonly (UsageRow & { readonly updatedAt: Date })[],
): Promise<void> {
  const written = rows.map(({ tenantId, usageName, own, total, valueAt, hasDeltas, updatedAt }) => ({
    tenant: tenantId,
    name: usageName,
    own,
    total,
    value_at: valueAt,
    has_deltas: hasDeltas,
    updated_at: updatedAt,
  }))
  await sql`
    update usages u
       set own = w.own, total = w.total, value_at = w.value_at, has_deltas = w.has_deltas,
           updated_at = greatest(u.updated_at, w.updated_at)
      from jsonb_to_recordset(${toJson(written)}::jsonb)
        as w (tenant uuid, name text, own bigint, total bigint, value_at timestamptz, has_deltas boolean, updated_at timestamptz)
     where u.seller_id = ${sellerId} and u.tenant_id = w.tenant and u.usage_name = w.name`.execute(tx)
}

/** A day's sample that is set to a total, or moved by `add` together with all days after it. */
export interface SampleChange extends UsageKey {
  readonly day: string
  readonly at: Date
  readonly add: bigint | null
  readonly total: bigint | null
}

/** Keeps the day's last total. At most one change a usage and call. */
export async function writeSamples(tx: Tx, sellerId: SellerId, changes: readonly SampleChange[]): Promise<void> {
  if (changes.length === 0) return
  const rows = changes.map(({ tenantId, usageName, day, at, add, total }) => ({
    tenant: tenantId,
    name: usageName,
    day,
    at,
    add,
    total,
  }))
  await sql`
    with changes as (
      select * from jsonb_to_recordset(${toJson(rows)}::jsonb)
        as c (tenant uuid, name text, day date, at timestamptz, add bigint, total bigint)
    ), later as (
      update usage_samples s set value = s.value + c.add from changes c
       where s.seller_id = ${sellerId} and s.tenant_id = c.tenant and s.usage_name = c.name and s.day > c.day and c.add is not null
    )
    insert into usage_samples as s (seller_id, tenant_id, usage_name, day, value, sampled_at)
    select ${sellerId}::uuid, c.tenant, c.name, c.day,
           coalesce(c.total, c.add + coalesce(p.value, 0)),
           case when c.add is not null and p.day = c.day then greatest(c.at, p.sampled_at) else c.at end
      from changes c
      left join lateral (
        select s.day, s.value, s.sampled_at from usage_samples s
         where s.seller_id = ${sellerId} and s.tenant_id = c.tenant and s.usage_name = c.name and s.day <= c.day
         order by s.day desc limit 1) p on true
    on conflict (seller_id, tenant_id, usage_name, day)
    do update set value = excluded.value, sampled_at = excluded.sampled_at where excluded.sampled_at >= s.sampled_at`.execute(
    tx,
  )
}

/** What a tenant uses now, by usage name; only what was ever reported. */
export async function usagesOf(db: Db | Tx, sellerId: SellerId, tenantId: TenantId): Promise<Map<string, bigint>> {
  const rows = await db
    .selectFrom('usages')
    .where('seller_id', '=', sellerId)
    .where('tenant_id', '=', tenantId)
    .where('updated_at', 'is not', null)
    .select(['usage_name', 'value'])
    .execute()
  return new Map(rows.map((row) => [row.usage_name, row.value]))
}

/** The days that something was reported for, the earliest first. */
export async function dailyUsageOf(
  db: Db | Tx,
  sellerId: SellerId,
  key: UsageKey,
  since: string,
): Promise<DailyUsage[]> {
  const { rows } = await sql<DailyUsage>`
    select day::text, greatest(value, 0) as value from usage_samples
     where seller_id = ${sellerId} and tenant_id = ${key.tenantId} and usage_name = ${key.usageName} and day >= ${since}::date
     order by day`.execute(db)
  return rows
}
