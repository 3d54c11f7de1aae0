import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { Account } from './schema.ts'
import { findVisibleAccount, type Viewer } from './store.ts'

/**
 * A payer account that the actor sees: at or below its tenant, and for `sales` alone only what is attributed to them.
 * @throws {BuylinkError} `not_found`, also for what others have.
 */
export async function getAccount(db: Db | Tx, actor: Viewer, id: TenantId): Promise<Account> {
  const account = await findVisibleAccount(db, actor, id)
  if (!account) throw new BuylinkError('not_found', 'There is no such account.')
  return account
}
