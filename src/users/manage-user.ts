import { BuylinkError } from '../kernel/errors.ts'
import type { UserId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { changeUser } from './change-user.ts'
import { claimUser } from './claim-user.ts'
import { keepAdministrator } from './keep-administrator.ts'
import { listPolicies } from './profile-store.ts'
import type { RoleId } from './schema.ts'
import { setPolicies } from './set-policies.ts'

/** What is absent stays as it is. */
export interface UserManagement {
  readonly roles?: readonly RoleId[] | undefined
  readonly buyer?: boolean | undefined
  readonly enabled?: boolean | undefined
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
}

/**
 * Changes someone's roles, rights to buy and access in one step, and raises their version by one; nothing changes, no
 * new version. Publishes as `changeUser` and `setPolicies`.
 *
 * @param ifMatch Refuses when the user has another version.
 * @throws {BuylinkError} `not_found`; `forbidden`: they may, or would, do more than the actor; `version_mismatch`;
 *   `unprocessable`: a role that cannot be held there, oneself disabled, the last administrator.
 */
export async function manageUser(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  {
    id,
    ifMatch,
    roles,
    buyer,
    ...plain
  }: UserManagement & { readonly id: UserId; readonly ifMatch?: bigint | undefined },
): Promise<void> {
  await transaction(db, (tx) =>
    keepAdministrator(tx, actor, id, async () => {
      const user = await claimUser(tx, actor, id, undefined)
      if (ifMatch !== undefined && ifMatch !== user.version)
        throw new BuylinkError('version_mismatch', `The user is at version ${user.version}; read it again.`)
      const held = (await listPolicies(tx, [user])).map(({ roleId }) => roleId)
      const isOther =
        roles && (roles.some((role) => !held.includes(role)) || held.some((role) => !roles.includes(role)))
      const change = {
        ...(plain.firstName !== user.firstName && { firstName: plain.firstName }),
        ...(plain.lastName !== user.lastName && { lastName: plain.lastName }),
        ...(plain.enabled !== user.enabled && { enabled: plain.enabled }),
        ...(buyer !== user.businessTypes.includes('buyer') &&
          buyer !== undefined && { businessTypes: buyer ? ['buyer'] : [] }),
      }
      if (!isOther && Object.values(change).every((value) => value === undefined)) return
      if (roles && isOther) {
        const policies = roles.map((roleId) => ({ tenantId: user.tenantId, roleId }))
        await setPolicies(tx, clock, actor, id, policies)
      }
      await changeUser(tx, clock, actor, { ...change, id, version: user.version })
    }),
  )
}
