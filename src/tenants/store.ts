import { sql } from 'kysely'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { Tenant } from './schema.ts'
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

/** @returns false when the number or the path is taken: another server made the root at the same moment. */
export async function insertTenant(tx: Tx, tenant: Tenant): Promise<boolean> {
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
    })
    .onConflict((conflict) => conflict.column('path').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Writes what is given, raises the version and returns the tenant as it is now. */
export const updateTenant = (
  tx: Tx,
  id: TenantId,
  at: Date,
  change: { readonly name?: string; readonly enabled?: boolean; readonly language?: string },
): Promise<Tenant | undefined> =>
  tx
    .updateTable('tenants')
    .set({ ...change, version: sql<bigint>`version + 1`, updated_at: at })
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .returning(COLUMNS)
    .executeTakeFirst()
