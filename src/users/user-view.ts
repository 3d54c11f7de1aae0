import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId, UserId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db, Tx } from '../platform/db.ts'
import { Instant, Uuid, Version } from '../platform/http/schemas.ts'
import { findVisibleUser, listPolicies, listVisibleUsers } from './profile-store.ts'
import { RoleId, type UserProfile } from './schema.ts'

/** A person as API v1 shows them. */
export const UserView = z.object({
  id: Uuid,
  number: z.string(),
  tenantId: Uuid,
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  roles: z.array(RoleId),
  buyer: z.boolean().meta({ description: 'Is shown what to buy when a quota runs out' }),
  enabled: z.boolean(),
  activated: z.boolean().meta({ description: 'Has taken up the invitation' }),
  createdAt: Instant,
  version: Version,
})
export type UserView = z.output<typeof UserView>

export async function viewUsers(db: Db | Tx, users: readonly UserProfile[]): Promise<UserView[]> {
  const policies = users.length === 0 ? [] : await listPolicies(db, users)
  return users.map((user) => ({
    id: user.id,
    number: String(user.number),
    tenantId: user.tenantId,
    email: user.email,
    firstName: user.firstName,
    lastName: user.lastName,
    roles: policies.filter(({ userId }) => userId === user.id).map(({ roleId }) => roleId),
    buyer: user.businessTypes.includes('buyer'),
    enabled: user.enabled,
    activated: user.hasPassword || user.emailConfirmedAt !== null,
    createdAt: user.createdAt,
    version: user.version,
  }))
}

/** @throws {BuylinkError} `not_found`, also for what others have. */
export async function getUserView(db: Db | Tx, actor: Principal, id: UserId): Promise<UserView> {
  const user = await findVisibleUser(db, actor, id)
  const [view] = user ? await viewUsers(db, [user]) : []
  if (!view) throw new BuylinkError('not_found', 'There is no such user.')
  return view
}

/** How many people one tenant's export holds at most: more than any account has. */
const ALL = 10_000

/** Everybody of a tenant that the actor sees. */
export const listUserViews = async (db: Db | Tx, actor: Principal, tenantId: TenantId): Promise<UserView[]> =>
  viewUsers(db, await listVisibleUsers(db, actor, { tenantId, limit: ALL }))
