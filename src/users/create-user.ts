import { BuylinkError } from '../kernel/errors.ts'
import { newId, type TenantId, type UserId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { hashPassword } from '../platform/auth/password.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { takeNumber } from '../platform/numbers.ts'
import { getTenant } from '../tenants/index.ts'
import { mayHold } from './rules.ts'
import type { RoleId, User } from './schema.ts'
import { claimLogin, insertPolicies, insertUser } from './store.ts'

export interface NewUser {
  readonly tenantId: TenantId
  /** Any case; kept in lower case. */
  readonly email: string
  /** By default the e-mail; made unique with the user's number where another seller has it. */
  readonly login?: string
  /** Not judged here: forms and routes do (`assertStrongPassword`). Absent: signs in by a mailed link. */
  readonly password?: string
  readonly firstName?: string
  readonly lastName?: string
  readonly phone?: string
  readonly language?: string
  /** Held at `tenantId`. */
  readonly roles: readonly RoleId[]
  readonly businessTypes?: readonly string[]
  readonly notifications?: readonly string[]
  /** The address is known to be theirs. */
  readonly emailConfirmed?: boolean
}

/**
 * Adds a person to a tenant that the actor sees. Publishes `user.created`.
 *
 * @throws {BuylinkError} `not_found`: no such tenant; `unprocessable`: a role that cannot be held there;
 *   `conflict`: the seller has someone with this e-mail.
 */
export async function createUser(db: Db | Tx, clock: Clock, actor: Principal, input: NewUser): Promise<User> {
  // Hashing takes long, so it comes before the transaction and its locks.
  const passwordHash = input.password === undefined ? null : await hashPassword(input.password)
  return transaction(db, async (tx) => {
    const tenant = await getTenant(tx, actor, input.tenantId)
    for (const role of input.roles)
      if (!mayHold(tenant.kind, role))
        throw new BuylinkError('unprocessable', `Nobody can be ${role} of a ${tenant.kind}.`)
    const at = clock.now()
    const id = newId<UserId>(at.getTime())
    const number = await takeNumber(tx, 'user')
    const email = input.email.trim().toLowerCase()
    const wanted = input.login ?? email
    const login = await claimLogin(tx, { login: wanted, email, sellerId: tenant.sellerId, userId: id, number })
    if (login === undefined) throw new BuylinkError('conflict', 'Someone with this email address is here already.')
    const user: User = {
      sellerId: tenant.sellerId,
      id,
      number,
      tenantId: tenant.id,
      personalTenantId: null,
      login,
      email,
      firstName: input.firstName ?? '',
      lastName: input.lastName ?? '',
      phone: input.phone ?? '',
      language: input.language ?? tenant.language,
      emailConfirmedAt: input.emailConfirmed ? at : null,
      enabled: true,
      businessTypes: input.businessTypes ?? [],
      notifications: input.notifications ?? [],
      version: 1n,
      createdAt: at,
    }
    await insertUser(tx, user, passwordHash)
    await insertPolicies(
      tx,
      input.roles.map((roleId) => ({
        sellerId: tenant.sellerId,
        id: newId(at.getTime()),
        userId: id,
        tenantId: tenant.id,
        roleId,
        at,
      })),
    )
    const about = {
      sellerId: tenant.sellerId,
      subject: { kind: 'user', id },
      tenantId: tenant.id,
      actor,
      correlationId: actor.correlationId,
      at,
    }
    const details = { number: String(number), roles: input.roles, business_types: user.businessTypes }
    await publish(tx, { ...about, type: 'user.created', payload: details })
    await audit(tx, { ...about, action: 'user.create', details })
    return user
  })
}
