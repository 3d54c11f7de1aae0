import { BuylinkError } from '../kernel/errors.ts'
import { newId, type TenantId, type UserId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { hashPassword } from '../platform/auth/password.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { takeNumber } from '../platform/numbers.ts'
import { createTenant, getTenant } from '../tenants/index.ts'
import { hasPersonalTenant, mayBuy, mayHold } from './rules.ts'
import type { RoleId, User, UserDetails } from './schema.ts'
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
  /** The login as it is or none: another one is not made up. */
  readonly exactLogin?: boolean
  readonly details?: Partial<UserDetails> & { readonly enabled?: boolean }
  /** The address is known to be theirs. */
  readonly emailConfirmed?: boolean
}

/**
 * Adds a person to a tenant that the actor sees; in a customer with a personal tenant, which is a unit of its own.
 * Publishes `user.created`.
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
    if (input.businessTypes?.includes('buyer') && !mayBuy(tenant.kind))
      throw new BuylinkError('unprocessable', 'Only people of a customer can be buyers.')
    const at = clock.now()
    const id = newId<UserId>(at.getTime())
    const personal = hasPersonalTenant(tenant.kind)
      ? await createTenant(tx, clock, actor, {
          parentId: tenant.id,
          kind: 'unit',
          name: `${input.firstName ?? ''} ${input.lastName ?? ''}`.trim() || (input.login ?? input.email),
          ...(input.language !== undefined && { language: input.language }),
          details: { ownerId: id },
        })
      : undefined
    const number = await takeNumber(tx, 'user')
    const email = input.email.trim().toLowerCase()
    const wanted = input.login ?? email
    const exact = input.exactLogin ?? false
    const login = await claimLogin(tx, { login: wanted, exact, email, sellerId: tenant.sellerId, userId: id, number })
    if (login === undefined) throw new BuylinkError('conflict', 'Someone with this email address is here already.')
    const user: User = {
      sellerId: tenant.sellerId,
      id,
      number,
      tenantId: tenant.id,
      personalTenantId: personal?.id ?? null,
      login,
      email,
      firstName: input.firstName ?? '',
      lastName: input.lastName ?? '',
      phone: input.phone ?? '',
      language: input.language ?? tenant.language,
      emailConfirmedAt: input.emailConfirmed ? at : null,
      enabled: input.details?.enabled ?? true,
      businessTypes: input.businessTypes ?? [],
      notifications: input.notifications ?? [],
      version: 1n,
      createdAt: at,
    }
    await insertUser(tx, user, passwordHash, input.details)
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
