import { BuylinkError } from '../kernel/errors.ts'
import type { UserId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { platformError } from '../platform/http/v2.ts'
import { listPolicies, lockVisibleUser } from './profile-store.ts'
import { mayGive } from './rules.ts'
import type { UserProfile } from './schema.ts'

/**
 * A user for a write that was decided at `version` of it, the row locked until the transaction ends.
 *
 * @throws {BuylinkError} `not_found`; platform codes 1002: the user may more than the actor, who could sign in as them
 *   with another address; 1001: written since.
 */
export async function claimUser(
  tx: Tx,
  actor: Principal,
  id: UserId,
  version: bigint | undefined,
): Promise<UserProfile> {
  const user = await lockVisibleUser(tx, actor, id)
  if (!user) throw new BuylinkError('not_found', 'There is no such user.')
  const context = { id: String(user.number) }
  const policies = await listPolicies(tx, [user])
  if (!policies.every(({ roleId }) => mayGive(actor.scopes, roleId, user.tenantKind)))
    throw platformError('access_denied', 'This user has rights that you do not have.', context)
  if (version !== undefined && version !== user.version)
    throw platformError('version_mismatch', `The user is at version ${user.version}; read it again.`, context)
  return user
}
