import { sql } from 'kysely'
import type { TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { BrandSettings } from './schema.ts'

export interface StoredBrand {
  /** The tenant it was asked for. */
  readonly askedFor: TenantId
  readonly tenantId: TenantId
  readonly tenantName: string
  readonly settings: BrandSettings
  readonly hasLogo: boolean
  readonly updatedAt: Date
}

/** The nearest enabled brand at or above each of the tenants; those without any are missing. */
export async function listEffective(db: Db | Tx, tenantIds: readonly TenantId[]): Promise<StoredBrand[]> {
  if (tenantIds.length === 0) return []
  return db
    .selectFrom('tenants as asked')
    .innerJoin('tenants as owner', (join) => join.on(sql<boolean>`owner.path @> asked.path`))
    .innerJoin('brands', 'brands.tenant_id', 'owner.id')
    .where('asked.id', '=', sql<TenantId>`any(${[...tenantIds]})`)
    .where('brands.enabled', '=', true)
    .where('owner.deleted_at', 'is', null)
    .distinctOn('asked.id')
    .select([
      'asked.id as askedFor',
      'owner.id as tenantId',
      'owner.name as tenantName',
      'brands.settings',
      'brands.updated_at as updatedAt',
      sql<boolean>`brands.logo is not null`.as('hasLogo'),
    ])
    .orderBy('asked.id')
    .orderBy(sql`nlevel(owner.path)`, 'desc')
    .execute()
}

export async function findSettings(tx: Tx, tenantId: TenantId): Promise<BrandSettings | undefined> {
  const row = await tx
    .selectFrom('brands')
    .where('tenant_id', '=', tenantId)
    .select('settings')
    .forUpdate()
    .executeTakeFirst()
  return row?.settings
}

export async function saveEnabled(tx: Tx, tenantId: TenantId, settings: BrandSettings, at: Date): Promise<void> {
  await sql`
    insert into brands (tenant_id, enabled, settings, updated_at)
    values (${tenantId}, true, ${JSON.stringify(settings)}::jsonb, ${at})
    on conflict (tenant_id) do update set enabled = true, settings = excluded.settings, updated_at = excluded.updated_at`.execute(
    tx,
  )
}

export interface Logo {
  readonly bytes: Buffer
  readonly type: string
}

/** The picture behind `Brand.logoUrl`; of an enabled brand only. */
export async function findLogo(db: Db | Tx, tenantId: TenantId): Promise<Logo | undefined> {
  const row = await db
    .selectFrom('brands')
    .where('tenant_id', '=', tenantId)
    .where('enabled', '=', true)
    .select(['logo', 'logo_type'])
    .executeTakeFirst()
  return row?.logo && row.logo_type ? { bytes: row.logo, type: row.logo_type } : undefined
}
