import { BuylinkError } from '../kernel/errors.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { changeUser, createUser, findUser, findUserByEmail, RoleId, setPolicies, type User } from '../users/index.ts'
import { mayHold } from '../users/rules.ts'
import type { ForeignUser } from './platform-client.ts'
import type { MirroredTenant, MirroredUser, Platform } from './schema.ts'
import { keepMirrored, keepUser } from './store.ts'

export interface MirrorPeopleDeps {
  readonly db: Db
  readonly clock: Clock
}

/**
 * One of ours for each user there: the same address, the same roles, and no password. They sign in by proving that the
 * address is theirs; what the platform says of them is never a sign-in. Somebody with that address elsewhere among ours
 * stays who they are, and the user there has nobody here.
 */
export async function mirrorUser(
  { db, clock }: MirrorPeopleDeps,
  actor: Principal,
  platform: Platform,
  customer: MirroredTenant,
  user: ForeignUser,
  known: MirroredUser | undefined,
): Promise<void> {
  if (known?.version === user.version) return
  const email = (user.contact.email ?? user.login).trim().toLowerCase()
  try {
    await transaction(db, async (tx) => {
      const ours = known?.userId ? await findUser(tx, platform.sellerId, known.userId) : undefined
      const wanted = wishesOf(user, email, customer)
      const here = ours ? await follow(tx, clock, actor, ours, wanted) : await found(tx, clock, actor, platform, wanted)
      await keepUser(tx, platform, { ...rowOf(user, customer), userId: here.id, problem: null })
      if (here.personalTenantId && user.personal_tenant_id)
        await keepMirrored(
          tx,
          {
            sellerId: platform.sellerId,
            platform: platform.name,
            id: user.personal_tenant_id,
            customerId: customer.id,
            ownerId: user.id,
            version: 0n,
            tenantId: here.personalTenantId,
          },
          email,
          clock.now(),
        )
    })
  } catch (error) {
    if (!(error instanceof BuylinkError)) throw error
    const problem = error.code === 'conflict' ? 'Somebody else here has this address.' : error.message
    await transaction(db, (tx) =>
      keepUser(tx, platform, { ...rowOf(user, customer), userId: known?.userId ?? null, problem }),
    )
  }
}

const rowOf = ({ id, version }: ForeignUser, { id: customerId }: MirroredTenant) => ({ id, version, customerId })

const wishesOf = (user: ForeignUser, email: string, customer: MirroredTenant) => ({
  email,
  tenantId: customer.tenantId,
  firstName: user.contact.firstname ?? '',
  lastName: user.contact.lastname ?? '',
  enabled: user.enabled,
  businessTypes: user.business_types.includes('buyer') ? ['buyer'] : [],
  roles: user.access_policies.flatMap(({ tenant_id, role_id }) => {
    const role = RoleId.safeParse(role_id)
    return tenant_id === customer.id && role.success && mayHold('customer', role.data) ? [role.data] : []
  }),
})
type Wishes = ReturnType<typeof wishesOf>

/** A new one; or one who is in this very customer already. The platform mails its people about quotas itself. */
async function found(tx: Tx, clock: Clock, actor: Principal, platform: Platform, wanted: Wishes): Promise<User> {
  const same = await findUserByEmail(tx, platform.sellerId, wanted.email)
  if (same?.tenantId === wanted.tenantId) return same
  const { enabled, ...user } = wanted
  return createUser(tx, clock, actor, { ...user, notifications: [], details: { enabled } })
}

async function follow(tx: Tx, clock: Clock, actor: Principal, ours: User, wanted: Wishes): Promise<User> {
  const { roles, tenantId, ...plain } = wanted
  await changeUser(tx, clock, actor, { id: ours.id, version: ours.version, ...plain })
  await setPolicies(
    tx,
    clock,
    actor,
    ours.id,
    roles.map((roleId) => ({ tenantId, roleId })),
  )
  return ours
}
