import { sql } from 'kysely'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { Tenant, TenantDetails } from './schema.ts'
import { visibleTo } from './visible.ts'

/** Of every tenant, whoever reads it. */
export const COLUMNS = [
  'tenants.id',
  'tenants.number',
  'tenants.parent_id as parentId',
  'tenants.seller_id as sellerId',
  'tenants.kind',
  'tenants.name',
  'tenants.path',
  'tenants.access_path as accessPath',
  'tenants.ancestral_access as ancestralAccess',
  'tenants.enabled',
  'tenants.language',
  'tenants.currency',
  'tenants.version',
  'tenants.created_at as createdAt',
  'tenants.updated_at as updatedAt',
] as const

const living = (db: Db | Tx) => db.selectFrom('tenants').where('deleted_at', 'is', null).select(COLUMNS)

export const findTenant = (db: Db | Tx, id: TenantId): Promise<Tenant | undefined> =>
  living(db).where('id', '=', id).executeTakeFirst()

export const findRoot = (db: Db | Tx): Promise<Tenant | undefined> =>
  living(db).where('kind', '=', 'root').executeTakeFirst()

export const findVisibleTenant = (
  db: Db | Tx,
  actor: { readonly path: string },
  id: TenantId,
): Promise<Tenant | undefined> => living(db).where('id', '=', id).where(visibleTo(actor)).executeTakeFirst()

/** Ids of tenants by their numbers, both as text. */
export async function idsOfNumbers(db: Db | Tx, numbers: readonly string[]): Promise<ReadonlyMap<string, TenantId>> {
  const rows = await db
    .selectFrom('tenants')
    .where('number', '=', sql<bigint>`any(${[...new Set(numbers)]}::bigint[])`)
    .select(['number', 'id'])
    .execute()
  return new Map(rows.map(({ number, id }) => [String(number), id]))
}

/** From the root down to the tenant itself. */
export const listAncestorsOrSelf = (db: Db | Tx, id: TenantId): Promise<Tenant[]> =>
  db
    .selectFrom('tenants')
    .innerJoin('tenants as below', (join) => join.on(sql<boolean>`tenants.path @> below.path`))
    .where('below.id', '=', id)
    .select(COLUMNS)
    .orderBy(sql`nlevel(tenants.path)`)
    .execute()

/**
 * Every seller with books that the actor may see a part of: its own and those of resellers below it. For reads over
 * several sellers, whose statements name them all (`seller_id = any(…)`).
 */
export const listVisibleSellerIds = async (
  db: Db | Tx,
  actor: { readonly sellerId: SellerId; readonly path: string },
): Promise<SellerId[]> => {
  const rows = await db
    .selectFrom('tenants')
    .where('kind', 'in', ['root', 'partner'])
    .where(visibleTo(actor))
    .select('seller_id')
    .execute()
  return [...new Set([actor.sellerId, ...rows.map((row) => row.seller_id)])]
}

/**
 * A tenant under which something is about to be made. Until the transaction ends it cannot be moved or deleted, so what
 * is made keeps a path that leads there.
 */
export const holdParent = (tx: Tx, actor: { readonly path: string }, id: TenantId): Promise<Tenant | undefined> =>
  living(tx).where('id', '=', id).where(visibleTo(actor)).forKeyShare().executeTakeFirst()

/** Whether a tenant and all above it are enabled. */
export async function standsEnabled(tx: Tx, path: string): Promise<boolean> {
  const disabled = await tx
    .selectFrom('tenants')
    .where(sql<boolean>`path @> ${path}::ltree`)
    .where('enabled', '=', false)
    .select('id')
    .executeTakeFirst()
  return disabled === undefined
}

/** Whether a name is free among the tenants below a parent; personal tenants, which go by a person's name, do not count. */
export async function isNameFree(tx: Tx, parentId: TenantId, name: string, except?: TenantId): Promise<boolean> {
  const other = await tx
    .selectFrom('tenants')
    .where('parent_id', '=', parentId)
    .where('name', '=', name)
    .where('owner_id', 'is', null)
    .where('deleted_at', 'is', null)
    .$if(except !== undefined, (query) => query.where('id', '!=', except ?? ''))
    .select('id')
    .executeTakeFirst()
  return other === undefined
}

/** Those who give names below a parent wait for each other. */
export async function queueForNames(tx: Tx, parentId: TenantId): Promise<void> {
  await tx.selectFrom('tenants').where('id', '=', parentId).select('id').forNoKeyUpdate().executeTakeFirst()
}

/** @returns false when the number or the path is taken: another server made the root at the same moment. */
export async function insertTenant(tx: Tx, tenant: Tenant, details: Partial<TenantDetails> = {}): Promise<boolean> {
  const row = await tx
    .insertInto('tenants')
    .values({
      id: tenant.id,
      number: tenant.number,
      parent_id: tenant.parentId,
      seller_id: tenant.sellerId,
      kind: tenant.kind,
      name: tenant.name,
      path: tenant.path,
      access_path: tenant.accessPath,
      ancestral_access: tenant.ancestralAccess,
      enabled: tenant.enabled,
      language: tenant.language,
      currency: tenant.currency,
      version: tenant.version,
      created_at: tenant.createdAt,
      updated_at: tenant.updatedAt,
      deleted_at: null,
      ...detailColumns(details),
    })
    .onConflict((conflict) => conflict.column('path').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Columns of what is given; what is absent stays as it is. */
const detailColumns = (details: Optional<TenantDetails>) => ({
  ...(details.customerType !== undefined && { customer_type: details.customerType }),
  ...(details.customerId !== undefined && { customer_id: details.customerId }),
  ...(details.internalTag !== undefined && { internal_tag: details.internalTag }),
  ...(details.contact !== undefined && { contact: JSON.stringify(details.contact) }),
  ...(details.billingContact !== undefined && {
    billing_contact: details.billingContact && JSON.stringify(details.billingContact),
  }),
  ...(details.updateLockedBy !== undefined && { update_locked_by: details.updateLockedBy }),
  ...(details.pricingMode !== undefined && { pricing_mode: details.pricingMode }),
  ...(details.pricingCurrency !== undefined && { pricing_currency: details.pricingCurrency }),
  ...(details.pricingVersion !== undefined && { pricing_version: details.pricingVersion }),
  ...(details.productionStartAt !== undefined && { production_start_at: details.productionStartAt }),
  ...(details.ownerId !== undefined && { owner_id: details.ownerId }),
  ...(details.defaultIdpId !== undefined && { default_idp_id: details.defaultIdpId }),
})

type Optional<T> = { readonly [Key in keyof T]?: T[Key] | undefined }

export interface TenantChange extends Optional<TenantDetails> {
  readonly name?: string | undefined
  readonly enabled?: boolean | undefined
  readonly language?: string | undefined
  readonly ancestralAccess?: boolean | undefined
}

/** Writes what is given, raises the version by one and returns the tenant as it is now. */
export const updateTenant = (tx: Tx, id: TenantId, at: Date, change: TenantChange): Promise<Tenant | undefined> =>
  tx
    .updateTable('tenants')
    .set({
      ...(change.name !== undefined && { name: change.name }),
      ...(change.enabled !== undefined && { enabled: change.enabled }),
      ...(change.language !== undefined && { language: change.language }),
      ...(change.ancestralAccess !== undefined && { ancestral_access: change.ancestralAccess }),
      ...detailColumns(change),
      version: sql<bigint>`version + 1`,
      updated_at: at,
    })
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .returning(COLUMNS)
    .executeTakeFirst()
