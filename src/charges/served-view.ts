import { sql } from 'kysely'
import type { SubscriptionId, TenantId } from '../kernel/ids.ts'
import type { Db } from '../platform/db.ts'
import type { Pull } from '../provisioning/index.ts'

/**
 * The tenants of subscriptions that a service serves, its seller's own and those of resellers below whose plans name it,
 * where they have none of that name. A reviewed read over the sellers of a subtree.
 */
export async function servedTenants(
  db: Db,
  pull: Pick<Pull, 'sellerId' | 'name' | 'path'>,
  ids: readonly string[],
): Promise<Map<SubscriptionId, TenantId>> {
  const { rows } = await sql<{ id: SubscriptionId; tenantId: TenantId }>`
    select s.id, s.tenant_id as "tenantId"
      from subscriptions s
      join tenants seller on seller.id = s.seller_id
     where s.id = any(${[...ids]}::uuid[]) and s.connector = ${pull.name} and seller.path <@ ${pull.path}::ltree
       and ${pull.sellerId}::uuid = (
         select c.seller_id from connectors c join tenants owner on owner.id = c.seller_id
          where c.name = ${pull.name} and owner.path @> seller.path order by nlevel(owner.path) desc limit 1)`.execute(
    db,
  )
  return new Map(rows.map(({ id, tenantId }) => [id, tenantId]))
}
