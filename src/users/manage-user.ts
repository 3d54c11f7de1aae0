import { BuylinkError } from '../kernel/errors.ts'
import type { UserId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { changeUser } from './change-user.ts'
import { claimUser } from './claim-user.ts'
import { findVisibleUser, listPolicies } from './profile-store.ts'
import { administratorOf } from './rules.ts'
import type { RoleId, UserProfile } from './schema.ts'
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
  await transaction(db, async (tx) => {
    const seen = await findVisibleUser(tx, actor, id)
    if (!seen) throw new BuylinkError('not_found', 'There is no such user.')
    // Two administrators who take each other's rights wait here for one another.
    await lockColleagues(tx, seen)
    const user = await claimUser(tx, actor, id, undefined)
    if (ifMatch !== undefined && ifMatch !== user.version)
      throw new BuylinkError('version_mismatch', `The user is at version ${user.version}; read it again.`)
    const held = (await listPolicies(tx, [user])).map(({ roleId }) => roleId)
    const isOther = roles && (roles.some((role) => !held.includes(role)) || held.some((role) => !roles.includes(role)))
    const change = {
      ...(plain.firstName !== user.firstName && { firstName: plain.firstName }),
      ...(plain.lastName !== user.lastName && { lastName: plain.lastName }),
      ...(plain.enabled !== user.enabled && { enabled: plain.enabled }),
      ...(buyer !== user.businessTypes.includes('buyer') &&
        buyer !== undefined && { businessTypes: buyer ? ['buyer'] : [] }),
    }
    if (!isOther && Object.values(change).every((value) => value === undefined)) return
    const stoodAdministrator = await hasAdministrator(tx, user)
    if (roles && isOther) {
      const policies = roles.map((roleId) => ({ tenantId: user.tenantId, roleId }))
      await setPolicies(tx, clock, actor, id, policies)
    }
    await changeUser(tx, clock, actor, { ...change, id, version: user.version })
    if (stoodAdministrator && !(await hasAdministrator(tx, user)))
      throw new BuylinkError('unprocessable', 'Somebody must stay administrator. Give the role to somebody else first.')
  })
}

/** Locks the people of a user's tenant, each time in the same order. */
async function lockColleagues(tx: Tx, { sellerId, tenantId }: UserProfile): Promise<void> {
  await tx
    .selectFrom('users')
    .where('seller_id', '=', sellerId)
    .where('tenant_id', '=', tenantId)
    .where('enabled', '=', true)
    .select('id')
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
}

async function hasAdministrator(tx: Tx, { sellerId, tenantId, tenantKind }: UserProfile): Promise<boolean> {
  const row = await tx
    .selectFrom('users')
    .innerJoin('access_policies', (join) =>
      join
        .onRef('access_policies.seller_id', '=', 'users.seller_id')
        .onRef('access_policies.user_id', '=', 'users.id')
        .onRef('access_policies.tenant_id', '=', 'users.tenant_id'),
    )
    .where('users.seller_id', '=', sellerId)
    .where('users.tenant_id', '=', tenantId)
    .where('users.enabled', '=', true)
    .where('access_policies.role_id', '=', administratorOf(tenantKind))
    .select('users.id')
    .executeTakeFirst()
  return row !== undefined
}
