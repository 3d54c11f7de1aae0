import { newId, type TenantId, type UserId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import { platformError } from '../platform/http/v2.ts'
import { claimUser } from './claim-user.ts'
import { keepAdministrator } from './keep-administrator.ts'
import { deletePolicies, insertPolicy, listPolicies } from './profile-store.ts'
import { tellOfUser } from './publish-user.ts'
import { mayGive, mayHold } from './rules.ts'
import type { AccessPolicy, RoleId } from './schema.ts'

/**
 * Replaces all roles of a user. A role is held at the user's own tenant, where it counts. Publishes `user.updated`.
 *
 * @throws {BuylinkError} Platform codes of `claimUser`; 1002: a role that the actor does not have; 1027: one that
 *   cannot be held there, the last administrator.
 */
export async function setPolicies(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  userId: UserId,
  wanted: readonly { readonly tenantId: TenantId; readonly roleId: RoleId }[],
): Promise<AccessPolicy[]> {
  return transaction(db, (tx) =>
    keepAdministrator(tx, actor, userId, async () => {
      const at = clock.now()
      const user = await claimUser(tx, actor, userId, undefined)
      for (const { tenantId, roleId } of wanted) {
        if (tenantId !== user.tenantId)
          throw platformError('business_rules', 'A user holds roles at their own tenant, and with them below it.')
        if (!mayHold(user.tenantKind, roleId))
          throw platformError('business_rules', `Nobody can be ${roleId} of a ${user.tenantKind}.`)
        if (!mayGive(actor.scopes, roleId, user.tenantKind))
          throw platformError('access_denied', `You cannot make anybody ${roleId}: it may more than you.`)
      }
      const roles = new Set(wanted.map(({ roleId }) => roleId))
      const before = await listPolicies(tx, [user])
      const kept = before.filter(({ tenantId, roleId }) => tenantId === user.tenantId && roles.has(roleId))
      await deletePolicies(
        tx,
        user,
        before.filter((policy) => !kept.includes(policy)).map(({ id }) => id),
      )
      for (const roleId of roles)
        if (!kept.some((policy) => policy.roleId === roleId))
          await insertPolicy(tx, {
            sellerId: user.sellerId,
            id: newId(at.getTime()),
            userId: user.id,
            tenantId: user.tenantId,
            roleId,
            issuerId: actor.tenantId,
            at,
          })
      await tellOfUser(
        tx,
        actor,
        user,
        at,
      )('updated', { version: String(user.version), fields: ['access_policies'], roles: [...roles] })
      return listPolicies(tx, [user])
    }),
  )
}
