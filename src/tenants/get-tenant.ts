import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { Tenant } from './schema.ts'
import { findVisibleTenant } from './store.ts'

/** A tenant that the actor sees. @throws {BuylinkError} `not_found`, also for what others have. */
export async function getTenant(db: Db | Tx, actor: { readonly path: string }, id: TenantId): Promise<Tenant> {
  const tenant = await findVisibleTenant(db, actor, id)
  if (!tenant) throw new BuylinkError('not_found', 'There is no such tenant.')
  return tenant
}
