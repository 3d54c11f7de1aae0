import type { Db, Tx } from '../platform/db.ts'
import type { Tenant } from './schema.ts'
import { findVisibleTenant } from './store.ts'
import { visibleTo } from './visible.ts'

/** Sellers of this name that the actor is or stands above, the highest first. */
export async function findSellersByName(
  db: Db | Tx,
  actor: { readonly path: string },
  name: string,
): Promise<Tenant[]> {
  const rows = await db
    .selectFrom('tenants')
    .where('kind', 'in', ['root', 'partner'])
    .where('name', '=', name)
    .where(visibleTo(actor))
    .select('id')
    .orderBy('number')
    .execute()
  const tenants = await Promise.all(rows.map(({ id }) => findVisibleTenant(db, actor, id)))
  return tenants.filter((tenant) => tenant !== undefined)
}
