import { BuylinkError } from '../kernel/errors.ts'
import type { UserId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { findVisibleUser } from './profile-store.ts'
import { administratorOf } from './rules.ts'
import type { UserProfile } from './schema.ts'

/**
 * Does what may take somebody's rights, and refuses it where their tenant had an administrator and has none afterwards.
 * Two administrators who take each other's rights wait here for one another. Before the user's own row is locked.
 *
 * @throws {BuylinkError} `unprocessable`: the last administrator.
 */
export async function keepAdministrator<Result>(
  tx: Tx,
  actor: Principal,
  userId: UserId,
  work: () => Promise<Result>,
): Promise<Result> {
  const user = await findVisibleUser(tx, actor, userId)
  // Whoever does the work tells that there is no such user.
  if (!user) return work()
  await lockColleagues(tx, user)
  const stood = await hasAdministrator(tx, user)
  const result = await work()
  if (stood && !(await hasAdministrator(tx, user)))
    throw new BuylinkError('unprocessable', 'Somebody must stay administrator. Give the role to somebody else first.')
  return result
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
