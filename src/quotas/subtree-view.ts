import { sql } from 'kysely'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db, Tx } from '../platform/db.ts'
import { visibleTo } from '../tenants/index.ts'

export interface TenantBelow {
  readonly id: TenantId
  readonly number: bigint
  readonly sellerId: SellerId
  readonly createdAt: Date
}

const MOST = 1000

/** A tenant and those below it that the actor sees, by their ids. @param after The last one of the page before. */
export const listTenantsBelow = (
  db: Db,
  actor: Pick<Principal, 'path'>,
  rootId: TenantId,
  after?: TenantId,
): Promise<TenantBelow[]> =>
  db
    .selectFrom('tenants')
    .innerJoin('tenants as top', (join) => join.on(sql<boolean>`tenants.path <@ top.path`))
    .where('top.id', '=', rootId)
    .where(visibleTo(actor))
    .$if(after !== undefined, (query) => query.where('tenants.id', '>', after as TenantId))
    .select(['tenants.id', 'tenants.number', 'tenants.seller_id as sellerId', 'tenants.created_at as createdAt'])
    .orderBy('tenants.id')
    .limit(MOST)
    .execute()

/** Those of several tenants that the actor sees; others are missing. */
export const listVisibleTenants = (
  db: Db,
  actor: Pick<Principal, 'path'>,
  ids: readonly TenantId[],
): Promise<TenantBelow[]> =>
  db
    .selectFrom('tenants')
    .where('id', '=', sql<TenantId>`any(${[...ids]}::uuid[])`)
    .where(visibleTo(actor))
    .select(['id', 'number', 'seller_id as sellerId', 'created_at as createdAt'])
    .orderBy('id')
    .execute()

/** What is used by anybody below a tenant, by usage name; a reviewed read over the sellers there. */
export async function usageNamesBelow(tx: Tx, path: string, exceptId: TenantId): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ name: string }>`
    select distinct u.usage_name as name from tenants t join usages u on u.seller_id = t.seller_id and u.tenant_id = t.id
     where t.path <@ ${path}::ltree and t.id <> ${exceptId} and t.deleted_at is null and u.value > 0`.execute(tx)
  return new Set(rows.map(({ name }) => name))
}

/** Whether anything at or below a tenant is counted or limited under a name; a reviewed read over the sellers there. */
export async function isUsageInUse(tx: Tx, { path }: { readonly path: string }, usageName: string): Promise<boolean> {
  const { rows } = await sql<{ isInUse: boolean }>`
    select exists (select from usages u join tenants t on t.id = u.tenant_id
                    where t.path <@ ${path}::ltree and u.usage_name = ${usageName} and u.updated_at is not null)
        or exists (select from quotas q join tenants t on t.id = q.tenant_id
                    where t.path <@ ${path}::ltree and q.usage_name = ${usageName} and q.base is not null) as "isInUse"`.execute(
    tx,
  )
  return rows[0]?.isInUse ?? false
}
