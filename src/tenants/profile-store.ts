import { sql } from 'kysely'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { TenantKind, TenantProfile } from './schema.ts'
import { COLUMNS } from './store.ts'
import { visibleOrDeleted, visibleTo } from './visible.ts'

const PROFILE_COLUMNS = [
  ...COLUMNS,
  'tenants.customer_type as customerType',
  'tenants.customer_id as customerId',
  'tenants.internal_tag as internalTag',
  'tenants.contact',
  'tenants.billing_contact as billingContact',
  'tenants.update_locked_by as updateLockedBy',
  'tenants.pricing_mode as pricingMode',
  'tenants.pricing_currency as pricingCurrency',
  'tenants.pricing_version as pricingVersion',
  'tenants.production_start_at as productionStartAt',
  'tenants.owner_id as ownerId',
  'tenants.default_idp_id as defaultIdpId',
  'tenants.deleted_at as deletedAt',
] as const

/** In the order of an index, which is what leads the planner to it however many children one parent has. */
const hasChildren = sql<boolean>`(
  select child.id from tenants child where child.parent_id = tenants.id and child.deleted_at is null
   order by child.name, child.id limit 1) is not null`

/** Every tenant that the actor sees, with all that the compatible API tells of it. */
export const profiles = (db: Db | Tx, actor: { readonly path: string }, allowDeleted = false) =>
  db
    .selectFrom('tenants')
    .where(allowDeleted ? visibleOrDeleted(actor) : visibleTo(actor))
    .select(PROFILE_COLUMNS)
    .select(hasChildren.as('hasChildren'))

export const findProfile = (
  db: Db | Tx,
  actor: { readonly path: string },
  id: TenantId,
  allowDeleted = false,
): Promise<TenantProfile | undefined> =>
  profiles(db, actor, allowDeleted).where('tenants.id', '=', id).executeTakeFirst()

/** The same, its row locked until the transaction ends. */
export const lockProfile = (
  tx: Tx,
  actor: { readonly path: string },
  id: TenantId,
  allowDeleted = false,
): Promise<TenantProfile | undefined> =>
  profiles(tx, actor, allowDeleted).where('tenants.id', '=', id).forNoKeyUpdate().executeTakeFirst()

/**
 * Locks a tenant and all below it, until nothing more turns up: whoever was making a tenant there has finished, and
 * nobody begins before this transaction ends.
 *
 * @returns How many there are.
 */
export async function lockSubtree(tx: Tx, path: string): Promise<number> {
  for (let known = -1; ; ) {
    const { rows } = await sql<{ id: TenantId }>`
      select id from tenants where path <@ ${path}::ltree order by path for update`.execute(tx)
    if (rows.length === known) return known
    known = rows.length
  }
}

/** Those who change the shape of the tree wait for each other, so no two moves can make a ring. */
export async function queueForShape(tx: Tx): Promise<void> {
  await tx.selectFrom('tenants').where('kind', '=', 'root').select('id').forNoKeyUpdate().executeTakeFirst()
}

/** Works out again who above sees a subtree, after it moved or a barrier in it was set or taken away. */
export async function refreshAccessPaths(tx: Tx, path: string): Promise<void> {
  await sql`
    update tenants set access_path = coalesce(
        (select above.path from tenants above where above.path @> tenants.path and not above.ancestral_access
          order by nlevel(above.path) desc limit 1),
        subpath(tenants.path, 0, 1))
     where path <@ ${path}::ltree`.execute(tx)
}

/** Marks a subtree as deleted, what is not so already. @returns The ids. */
export async function markDeleted(tx: Tx, path: string, at: Date): Promise<TenantId[]> {
  const { rows } = await sql<{ id: TenantId }>`
    update tenants set deleted_at = ${at}, version = version + 1, updated_at = ${at}
     where path <@ ${path}::ltree and deleted_at is null returning id`.execute(tx)
  return rows.map(({ id }) => id)
}

/** Brings back what was deleted together with the tenant at `path`. @returns The ids. */
export async function unmarkDeleted(tx: Tx, path: string, deletedAt: Date, at: Date): Promise<TenantId[]> {
  const { rows } = await sql<{ id: TenantId }>`
    update tenants set deleted_at = null, version = version + 1, updated_at = ${at}
     where path <@ ${path}::ltree and deleted_at = ${deletedAt} returning id`.execute(tx)
  return rows.map(({ id }) => id)
}

/** Hangs a subtree under another parent; the seller's tenants below a partner keep their own. */
export async function rehang(
  tx: Tx,
  tenant: TenantProfile,
  parent: { readonly id: TenantId; readonly path: string },
): Promise<string> {
  const path = `${parent.path}.${tenant.number}`
  await sql`
    update tenants set path = case when nlevel(path) = nlevel(${tenant.path}::ltree) then ${path}::ltree
                                   else ${path}::ltree || subpath(path, nlevel(${tenant.path}::ltree)) end
     where path <@ ${tenant.path}::ltree`.execute(tx)
  await tx.updateTable('tenants').set({ parent_id: parent.id }).where('id', '=', tenant.id).execute()
  return path
}

/** Whoever locked a tenant at or below a path. */
export const listLockers = (tx: Tx, path: string): Promise<{ path: string }[]> =>
  tx
    .selectFrom('tenants')
    .innerJoin('tenants as locker', 'locker.id', 'tenants.update_locked_by')
    .where(sql<boolean>`tenants.path <@ ${path}::ltree`)
    .select('locker.path')
    .distinct()
    .execute()

/** The tenants at or below a path that one seller keeps books for, deleted ones too. */
export async function listInBooks(tx: Tx, path: string, sellerId: SellerId): Promise<TenantId[]> {
  const rows = await tx
    .selectFrom('tenants')
    .where(sql<boolean>`path <@ ${path}::ltree`)
    .where('seller_id', '=', sellerId)
    .select('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Puts tenants into another seller's books; one of them may become another kind at the same time. */
export async function setSeller(
  tx: Tx,
  tenantIds: readonly TenantId[],
  sellerId: SellerId,
  change?: { readonly id: TenantId; readonly kind: TenantKind },
): Promise<void> {
  await sql`
    update tenants set seller_id = ${sellerId}, kind = case when id = ${change?.id ?? null} then ${change?.kind ?? ''} else kind end
     where id = any(${[...tenantIds]}::uuid[])`.execute(tx)
}
