import { sql } from 'kysely'
import type { Tx } from '../platform/db.ts'
import { platformError } from '../platform/http/v2.ts'

/**
 * Refuses to move sellers away from those who let them sell: what is delegated comes from above, and would have no price
 * elsewhere.
 *
 * @param path What moves, with all below it.
 * @throws {BuylinkError} Platform code 1014.
 */
export async function assertOffersAt(tx: Tx, path: string, newParentPath: string): Promise<void> {
  const orphan = await tx
    .selectFrom('plan_delegations')
    .innerJoin('tenants as seller', 'seller.id', 'plan_delegations.seller_id')
    .innerJoin('tenants as giver', 'giver.id', 'plan_delegations.delegated_by')
    .where(sql<boolean>`seller.path <@ ${path}::ltree`)
    .where(sql<boolean>`not giver.path <@ ${path}::ltree`)
    .where(sql<boolean>`not giver.path @> ${newParentPath}::ltree`)
    .select(['seller.number', 'plan_delegations.plan_id as planId'])
    .executeTakeFirst()
  if (orphan)
    throw platformError('move_unavailable_items', `Plan ${orphan.planId}, which it sells, is not offered there.`, {
      id: String(orphan.number),
    })
}
