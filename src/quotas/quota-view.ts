import { type RawBuilder, sql } from 'kysely'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { toJson } from '../platform/events/publish.ts'
import { asJson, rowsFromJson } from '../platform/json-rows.ts'
import type { UsageKey } from '../usage/index.ts'
import { stateOf, valueOf } from './rules.ts'
import type { AlertId, AlertState, MeasurementUnit, Quota, QuotaState } from './schema.ts'

/** `bytes` for storage and for what the provider nearest to the tenant says so of. Over `k` (tenant, name). */
const UNIT: RawBuilder<MeasurementUnit> = sql`
  case when k.name = 'storage' then 'bytes' when k.name in ('workstations', 'servers', 'vms', 'mobiles') then 'quantity'
       else coalesce((select y.measurement_unit from usage_types y
                        join tenants o on o.id = y.tenant_id join tenants t on t.id = k.tenant and o.path @> t.path
                       where y.usage_name = k.name order by nlevel(o.path) desc limit 1), 'quantity') end`

/** A value, or the column of an outer select that has it: of a table that has another name than those in here. */
type Value<T> = T | RawBuilder<T>

interface Row {
  readonly tenantId: TenantId
  readonly usageName: string
  readonly measurementUnit: MeasurementUnit
  readonly base: bigint | null
  readonly granted: bigint
  readonly overage: bigint | null
  readonly version: bigint
  readonly used: bigint | null
}

const COLUMNS = sql`
  k.tenant as "tenantId", k.name as "usageName", ${UNIT} as "measurementUnit",
  case when q.usage_name is null then 0 else q.base end as base, coalesce(g.units, 0) as granted, q.overage,
  coalesce(q.version, 0) as version, case when used.updated_at is not null then used.value end as used`

const joined = (sellerId: Value<SellerId>): RawBuilder<unknown> => sql`
  left join quotas q on q.seller_id = ${sellerId} and q.tenant_id = k.tenant and q.usage_name = k.name
  left join lateral (select sum(units)::bigint as units from quota_grants
                      where seller_id = ${sellerId} and tenant_id = k.tenant and usage_name = k.name) g on true
  left join usages used on used.seller_id = ${sellerId} and used.tenant_id = k.tenant and used.usage_name = k.name`

function toQuota(row: Row): Quota {
  const value = valueOf(row.base, row.granted)
  const state = stateOf(row.measurementUnit, row.used ?? 0n, { value, overage: row.overage })
  return {
    tenantId: row.tenantId,
    usageName: row.usageName,
    measurementUnit: row.measurementUnit,
    base: row.base,
    granted: row.granted,
    value,
    overage: row.overage,
    used: row.used,
    state,
    version: row.version,
  }
}

/**
 * A tenant's quotas with what it uses, by usage name. A tenant that only has grants has a base of 0; a base of null is
 * unlimited, whatever is granted.
 */
export const quotasOf = (db: Db | Tx, sellerId: SellerId, tenantId: TenantId): Promise<Quota[]> =>
  quotasOfTenants(db, sellerId, [tenantId])

const ofTenants = (sellerId: Value<SellerId>, tenantIds: RawBuilder<unknown>): RawBuilder<Row> => sql<Row>`
  with k as (
    select tenant_id as tenant, usage_name as name from quotas where seller_id = ${sellerId} and tenant_id = any(${tenantIds})
    union
    select tenant_id, usage_name from quota_grants where seller_id = ${sellerId} and tenant_id = any(${tenantIds})
  )
  select ${COLUMNS} from k ${joined(sellerId)} order by k.tenant, k.name`

/** Those of several tenants of a seller. */
export async function quotasOfTenants(
  db: Db | Tx,
  sellerId: SellerId,
  tenantIds: readonly TenantId[],
): Promise<Quota[]> {
  const { rows } = await ofTenants(sellerId, sql`${[...tenantIds]}::uuid[]`).execute(db)
  return rows.map(toQuota)
}

/** The same as a column of another select, for `quotasFromJson`. */
export const quotasJson = (sellerId: RawBuilder<SellerId>, tenantIds: RawBuilder<unknown>): RawBuilder<string> =>
  asJson(ofTenants(sellerId, tenantIds))

export const quotasFromJson = (text: string): Quota[] =>
  rowsFromJson<Row>(text, { integers: ['base', 'granted', 'overage', 'version', 'used'] }).map(toQuota)

/** One quota, or what stands for it where none was set: unlimited. */
export async function quotaOf(db: Db | Tx, sellerId: SellerId, key: UsageKey): Promise<Quota> {
  const found = (await quotasOf(db, sellerId, key.tenantId)).find(({ usageName }) => usageName === key.usageName)
  if (found) return found
  const { rows } = await sql<Row>`
    select ${COLUMNS} from (select ${key.tenantId}::uuid as tenant, ${key.usageName}::text as name) k ${joined(sellerId)}`.execute(
    db,
  )
  const [row] = rows
  return toQuota({ ...(row as Row), base: null }) // One row of values gives one row.
}

export interface AlertFacts extends UsageKey {
  readonly used: bigint
  readonly value: bigint | null
  readonly overage: bigint | null
  /** What should be seen. */
  readonly state: QuotaState
  /** What is. */
  readonly open: { readonly id: AlertId; readonly state: AlertState; readonly correlationId: string } | null
}

/** What alerts have to be brought in line with: only usages with a quota or an open alert. */
export async function alertFactsOf(tx: Tx, sellerId: SellerId, keys: readonly UsageKey[]): Promise<AlertFacts[]> {
  const wanted = toJson(keys.map(({ tenantId, usageName }) => ({ tenant: tenantId, name: usageName })))
  const { rows } = await sql<Row & { hasQuota: boolean; id: AlertId | null; open: AlertState; correlationId: string }>`
    select ${COLUMNS}, q.usage_name is not null or g.units is not null as "hasQuota",
           a.id, a.state as open, a.correlation_id as "correlationId"
      from jsonb_to_recordset(${wanted}::jsonb) as k (tenant uuid, name text)
      ${joined(sellerId)}
      left join alerts a on a.seller_id = ${sellerId} and a.tenant_id = k.tenant and a.usage_name = k.name and a.cleared_at is null
     where q.usage_name is not null or g.units is not null or a.id is not null
     order by k.tenant, k.name`.execute(tx)
  return rows.map((row) => {
    const { value, overage, used, state } = toQuota(row.hasQuota ? row : { ...row, base: null })
    return {
      tenantId: row.tenantId,
      usageName: row.usageName,
      used: used ?? 0n,
      value,
      overage,
      state,
      open: row.id === null ? null : { id: row.id, state: row.open, correlationId: row.correlationId },
    }
  })
}
