import type { UserId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import { platformError } from '../platform/http/v2.ts'
import { dropTenant } from '../tenants/index.ts'
import { claimUser } from './claim-user.ts'
import { revokeTokens } from './email-tokens.ts'
import { deleteUserRow } from './profile-store.ts'
import { tellOfUser } from './publish-user.ts'

/**
 * Deletes a disabled user and what was theirs alone: login, roles, personal tenant. Publishes `user.deleted`.
 *
 * @throws {BuylinkError} Platform codes of `claimUser`; 1027: not disabled, or oneself.
 */
export async function deleteUser(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  { id, version }: { readonly id: UserId; readonly version: bigint },
): Promise<void> {
  await transaction(db, async (tx) => {
    const at = clock.now()
    const user = await claimUser(tx, actor, id, version)
    const context = { id: String(user.number) }
    if (user.id === actor.id) throw platformError('business_rules', 'You cannot delete yourself.', context)
    if (user.enabled) throw platformError('business_rules', 'Disable the user before you delete them.', context)
    await revokeTokens(tx, user.sellerId, user.id, at)
    if (user.personalTenantId !== null) await dropTenant(tx, user.personalTenantId, at)
    await deleteUserRow(tx, user)
    await tellOfUser(tx, actor, user, at)('deleted', { number: String(user.number) })
  })
}
