import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { Tenant } from './schema.ts'
import { findVisibleTenant } from './store.ts'

/**
 * A tenant that the actor sees. @throws {BuylinkError} `not_found`, also for what others have.
 *
 * @param missing What to say then: where a thing was asked for and this is whose it is, the same as for a thing that is
 *   not there, or another's would be told apart.
 */
export async function getTenant(
  db: Db | Tx,
  actor: { readonly path: string },
  id: TenantId,
  missing = 'There is no such tenant.',
): Promise<Tenant> {
  const tenant = await findVisibleTenant(db, actor, id)
  if (!tenant) throw new BuylinkError('not_found', missing)
  return tenant
}
