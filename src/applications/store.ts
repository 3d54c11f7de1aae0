import { sql } from 'kysely'
import type { TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { TenantKind } from '../tenants/index.ts'
import { DEFAULT_EDITION } from './catalogue.ts'
import type { OfferingNode, SettingNode } from './rules.ts'
import type { OwnSetting, SettingValue } from './schema.ts'

/** From the root down to the tenant itself, which is the last; empty where there is no such tenant. */
export async function listSettingNodes(
  db: Db | Tx,
  tenantId: TenantId,
  applicationId: string,
  name: string,
): Promise<SettingNode[]> {
  const rows = await db
    .selectFrom('tenants as asked')
    .innerJoin('tenants', (join) => join.on(sql<boolean>`tenants.path @> asked.path`))
    .leftJoin('tenant_settings as s', (join) =>
      join.onRef('s.tenant_id', '=', 'tenants.id').on('s.application_id', '=', applicationId).on('s.name', '=', name),
    )
    .where('asked.id', '=', tenantId)
    .select(['tenants.id as tenantId', 's.content', 's.lock', 's.exclusive'])
    .orderBy(sql`nlevel(tenants.path)`)
    .execute()
  return rows.map(({ tenantId: id, content, lock, exclusive }) => ({
    tenantId: id,
    own: content && { value: content.value, lock: lock ?? false, exclusive: exclusive ?? false },
  }))
}

export interface SettingKey {
  readonly tenantId: TenantId
  readonly applicationId: string
  readonly name: string
}

export async function saveSetting(tx: Tx, key: SettingKey, setting: OwnSetting, at: Date): Promise<void> {
  const content = sql<{ value: SettingValue }>`${JSON.stringify({ value: setting.value })}::jsonb`
  const written = { content, lock: setting.lock, exclusive: setting.exclusive, updated_at: at }
  await tx
    .insertInto('tenant_settings')
    .values({ tenant_id: key.tenantId, application_id: key.applicationId, name: key.name, ...written })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'application_id', 'name']).doUpdateSet(written))
    .execute()
}

/** @returns false where there was none. */
export async function removeSetting(tx: Tx, key: SettingKey): Promise<boolean> {
  const removed = await tx
    .deleteFrom('tenant_settings')
    .where('tenant_id', '=', key.tenantId)
    .where('application_id', '=', key.applicationId)
    .where('name', '=', key.name)
    .returning('name')
    .executeTakeFirst()
  return removed !== undefined
}

/** Applications that are switched off at the tenant or above it. */
export async function listSwitchedOff(db: Db | Tx, tenantId: TenantId): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('tenants as asked')
    .innerJoin('tenants', (join) => join.on(sql<boolean>`tenants.path @> asked.path`))
    .innerJoin('application_switches as s', 's.tenant_id', 'tenants.id')
    .where('asked.id', '=', tenantId)
    .where('s.enabled', '=', false)
    .select('s.application_id')
    .execute()
  return new Set(rows.map((row) => row.application_id))
}

export async function saveSwitch(tx: Tx, tenantId: TenantId, applicationId: string, enabled: boolean, at: Date) {
  await tx
    .insertInto('application_switches')
    .values({ tenant_id: tenantId, application_id: applicationId, enabled, updated_at: at })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'application_id']).doUpdateSet({ enabled, updated_at: at }),
    )
    .execute()
}

export interface OfferingTenant extends OfferingNode {
  readonly id: TenantId
  readonly switchedAt: ReadonlyMap<string, Date>
}

/** For each of the tenants the way from the root down to it. */
export async function listOfferingChains(
  db: Db | Tx,
  tenantIds: readonly TenantId[],
): Promise<ReadonlyMap<TenantId, readonly OfferingTenant[]>> {
  const { rows } = await sql<{
    asked: TenantId
    id: TenantId
    kind: TenantKind
    edition: string | null
    switches: [string, boolean, string][]
  }>`
    select asked.id as asked, t.id, t.kind, e.edition,
           coalesce((select jsonb_agg(jsonb_build_array(o.item_name, o.enabled, o.updated_at)) from offering_switches o
                      where o.tenant_id = t.id), '[]'::jsonb) as switches
      from tenants asked join tenants t on t.path @> asked.path
      left join tenant_editions e on e.tenant_id = t.id
     where asked.id = any(${[...tenantIds]}::uuid[])
     order by asked.id, nlevel(t.path)`.execute(db)
  return new Map(
    [...Map.groupBy(rows, (row) => row.asked)].map(([asked, chain]) => [
      asked,
      chain.map(({ id, kind, edition, switches }) => ({
        id,
        kind,
        edition: kind === 'customer' ? (edition ?? DEFAULT_EDITION) : null,
        switches: new Map(switches.map(([name, enabled]) => [name, enabled])),
        switchedAt: new Map(switches.map(([name, , at]) => [name, new Date(at)])),
      })),
    ]),
  )
}

export async function saveOfferingSwitches(
  tx: Tx,
  tenantId: TenantId,
  switches: ReadonlyMap<string, boolean>,
  at: Date,
): Promise<void> {
  if (switches.size === 0) return
  await tx
    .insertInto('offering_switches')
    .values([...switches].map(([name, enabled]) => ({ tenant_id: tenantId, item_name: name, enabled, updated_at: at })))
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'item_name'])
        .doUpdateSet((row) => ({ enabled: row.ref('excluded.enabled'), updated_at: at })),
    )
    .execute()
}

/** A new edition begins with what it has by default. */
export async function saveEdition(tx: Tx, tenantId: TenantId, edition: string, at: Date): Promise<void> {
  await tx.deleteFrom('offering_switches').where('tenant_id', '=', tenantId).execute()
  await tx
    .insertInto('tenant_editions')
    .values({ tenant_id: tenantId, edition, updated_at: at })
    .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet({ edition, updated_at: at }))
    .execute()
}
