import { sql } from 'kysely'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db, Tx } from '../platform/db.ts'
import { visibleTo } from '../tenants/index.ts'
import type { QuotaLevel } from './rules.ts'

/** A tenant as far as its quotas go. */
export interface QuotaTenant {
  readonly tenantId: TenantId
  readonly sellerId: SellerId
  readonly level: QuotaLevel
  /** The customer at or above it. */
  readonly customerId: TenantId | null
}

/** @throws {BuylinkError} `not_found`: unknown or not the caller's. */
export async function quotaTenant(db: Db | Tx, actor: Pick<Principal, 'path'>, id: TenantId): Promise<QuotaTenant> {
  const { rows } = await sql<QuotaTenant>`
    select tenants.id as "tenantId", tenants.seller_id as "sellerId",
           case when tenants.kind = 'customer' then 'customer' when tenants.kind <> 'unit' then 'partner'
                when exists (select from users u where u.seller_id = tenants.seller_id and u.personal_tenant_id = tenants.id) then 'user'
                else 'department' end as level,
           (select c.id from tenants c where c.path @> tenants.path and c.kind = 'customer') as "customerId"
      from tenants where tenants.id = ${id} and ${visibleTo(actor)}`.execute(db)
  const [tenant] = rows
  if (!tenant) throw new BuylinkError('not_found', 'There is no such tenant.')
  return tenant
}

/** What the users of a customer may use at most together, where their quotas are hard; without one of them. */
export async function hardQuotasOfUsers(
  tx: Tx,
  sellerId: SellerId,
  customerId: TenantId,
  usageName: string,
  exceptId: TenantId,
): Promise<bigint> {
  const { rows } = await sql<{ sum: bigint }>`
    select coalesce(sum(greatest(q.base + coalesce(g.units, 0), 0) + q.overage), 0)::bigint as sum
      from quotas q
      join tenants t on t.id = q.tenant_id and t.deleted_at is null
      join tenants c on c.id = ${customerId} and c.path @> t.path
      join users u on u.seller_id = ${sellerId} and u.personal_tenant_id = t.id
      left join lateral (select sum(units)::bigint as units from quota_grants
                          where seller_id = ${sellerId} and tenant_id = t.id and usage_name = ${usageName}) g on true
     where q.seller_id = ${sellerId} and q.usage_name = ${usageName} and q.base is not null and q.overage is not null
       and q.tenant_id <> ${exceptId}`.execute(tx)
  return rows[0]?.sum ?? 0n
}
