import { type RawBuilder, sql } from 'kysely'
import type { TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { asJson, rowsFromJson } from '../platform/json-rows.ts'
import type { BrandSettings, OwnBrand } from './schema.ts'

export interface StoredBrand {
  /** The tenant it was asked for. */
  readonly askedFor: TenantId
  readonly tenantId: TenantId
  readonly tenantName: string
  /** The owner's place in the tree, and from where on it is shut to those above. */
  readonly path: string
  readonly accessPath: string
  readonly number: bigint
  readonly settings: BrandSettings
  readonly hasLogo: boolean
  /** The owner's, which every write of the brand raises. */
  readonly version: bigint
}

/** The nearest enabled brand at or above each of the tenants; those without any are missing. */
export async function listEffective(db: Db | Tx, tenantIds: readonly TenantId[]): Promise<StoredBrand[]> {
  if (tenantIds.length === 0) return []
  return effectiveOf(db, sql`${[...tenantIds]}::uuid[]`).execute()
}

/** The same as a column of another select, for `effectiveFromJson`. */
export const effectiveJson = (db: Db | Tx, tenantId: RawBuilder<TenantId>): RawBuilder<string> =>
  asJson(effectiveOf(db, sql`array[${tenantId}]`))

export const effectiveFromJson = (text: string): StoredBrand[] =>
  rowsFromJson<StoredBrand>(text, { integers: ['number', 'version'] })

// Each of those asked for looks upwards by itself: joined freely, a brand would look through all tenants below it.
const effectiveOf = (db: Db | Tx, tenantIds: RawBuilder<unknown>) =>
  db
    .selectFrom('tenants as asked')
    .innerJoinLateral(
      (nearest) =>
        nearest
          .selectFrom('tenants as owner')
          .innerJoin('brands', 'brands.tenant_id', 'owner.id')
          .where(sql<boolean>`owner.path @> asked.path`)
          .where('brands.enabled', '=', true)
          .where('owner.deleted_at', 'is', null)
          .select([
            'owner.id',
            'owner.name',
            'owner.path',
            'owner.access_path',
            'owner.number',
            'owner.version',
            'brands.settings',
            sql<boolean>`brands.logo is not null`.as('has_logo'),
          ])
          .orderBy(sql`nlevel(owner.path)`, 'desc')
          .limit(1)
          .as('brand'),
      (join) => join.onTrue(),
    )
    .where('asked.id', '=', sql<TenantId>`any(${tenantIds})`)
    .select([
      'asked.id as askedFor',
      'brand.id as tenantId',
      'brand.name as tenantName',
      'brand.path',
      'brand.access_path as accessPath',
      'brand.number',
      'brand.version',
      'brand.settings',
      'brand.has_logo as hasLogo',
    ])
    .orderBy('asked.id')

/** What a tenant's own brand is, enabled or not; undefined: it never had one. */
export async function findOwn(db: Db | Tx, tenantId: TenantId): Promise<OwnBrand | undefined> {
  const row = await db
    .selectFrom('brands')
    .where('tenant_id', '=', tenantId)
    .select([
      'enabled',
      'settings',
      sql<boolean>`logo is not null`.as('hasLogo'),
      sql<boolean>`smtp_password is not null`.as('hasSmtpPassword'),
      'mail_failed_at as failedAt',
      'mail_failure as failure',
    ])
    .executeTakeFirst()
  if (!row) return undefined
  const { failedAt, failure, ...own } = row
  return { ...own, mailFailure: failedAt && { at: failedAt, reason: failure ?? '' } }
}

export interface BrandRow {
  readonly tenantId: TenantId
  readonly enabled: boolean
  readonly settings: BrandSettings
  /** Sealed; null forgets, undefined keeps the stored one. */
  readonly smtpPassword: Buffer | null | undefined
  /** A PNG; null removes it, undefined keeps it. */
  readonly logo: Buffer | null | undefined
  readonly at: Date
}

/** New mail settings make what failed with the old ones a thing of the past. */
export async function saveBrand(tx: Tx, brand: BrandRow, forgetsMailFailure: boolean): Promise<void> {
  const { smtpPassword, logo } = brand
  const changed = {
    enabled: brand.enabled,
    settings: sql<BrandSettings>`${JSON.stringify(brand.settings)}::jsonb`,
    updated_at: brand.at,
    ...(smtpPassword !== undefined && { smtp_password: smtpPassword }),
    ...(logo !== undefined && { logo, logo_type: logo && 'image/png' }),
    ...(forgetsMailFailure && { mail_failed_at: null, mail_failure: null }),
  }
  await tx
    .insertInto('brands')
    .values({
      tenant_id: brand.tenantId,
      logo: null,
      logo_type: null,
      smtp_password: null,
      mail_failed_at: null,
      mail_failure: null,
      ...changed,
    })
    .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(changed))
    .execute()
}

export interface Logo {
  readonly bytes: Buffer
  readonly type: string
}

/** The picture behind `Brand.logoUrl`; of an enabled brand only. */
export async function findLogo(db: Db | Tx, tenantId: TenantId): Promise<Logo | undefined> {
  const row = await logoOf(db, tenantId).where('enabled', '=', true).executeTakeFirst()
  return toLogo(row)
}

/** The same of a brand that nobody sees yet, for its owner. */
export const findOwnLogo = async (db: Db | Tx, tenantId: TenantId): Promise<Logo | undefined> =>
  toLogo(await logoOf(db, tenantId).executeTakeFirst())

const logoOf = (db: Db | Tx, tenantId: TenantId) =>
  db.selectFrom('brands').where('tenant_id', '=', tenantId).select(['logo', 'logo_type as type'])

const toLogo = (row: { logo: Buffer | null; type: string | null } | undefined): Logo | undefined =>
  row?.logo && row.type ? { bytes: row.logo, type: row.type } : undefined

export async function findSmtpPassword(db: Db | Tx, tenantId: TenantId): Promise<Buffer | null> {
  const row = await db.selectFrom('brands').where('tenant_id', '=', tenantId).select('smtp_password').executeTakeFirst()
  return row?.smtp_password ?? null
}

/** Writes only when something is new: most mails go well, and a brand is read far more often than written. */
export async function noteMailOutcome(db: Db, tenantId: TenantId, failure: string | null, at: Date): Promise<void> {
  await db
    .updateTable('brands')
    .set({ mail_failed_at: failure === null ? null : at, mail_failure: failure })
    .where('tenant_id', '=', tenantId)
    .where(sql<boolean>`(mail_failure is not null or ${failure}::text is not null)`)
    .execute()
}
