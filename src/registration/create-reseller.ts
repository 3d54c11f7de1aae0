import { createSeller } from '../accounts/index.ts'
import type { TenantId } from '../kernel/ids.ts'
import { DAY_MS, type Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { queueMail } from '../platform/mail/queue-mail.ts'
import type { Tenant } from '../tenants/index.ts'
import { createUser, issueToken, type RoleId, type User } from '../users/index.ts'
import { originOf, type RegistrationFace } from './face.ts'
import { renderStoreMail } from './render-mail.ts'

/** How long an invitation can be taken up. */
const INVITATION_LIFE_MS = 7 * DAY_MS

export interface Invited {
  readonly email: string
  readonly firstName: string
  readonly lastName: string
}

/**
 * Makes a reseller below one that the actor sees, with its first administrator, who is mailed an invitation to set a
 * password. Publishes `tenant.created`, `user.created`.
 *
 * @throws {BuylinkError} `not_found`, `unprocessable` as `createSeller`.
 */
export async function createReseller(
  db: Db,
  clock: Clock,
  face: RegistrationFace,
  actor: Principal,
  input: {
    readonly parentId: TenantId
    readonly name: string
    readonly currency: string
    readonly language?: string | undefined
    readonly administrator: Invited
  },
): Promise<{ readonly tenant: Tenant; readonly administrator: User }> {
  const { parentId, name, currency, language, administrator } = input
  return transaction(db, async (tx) => {
    const tenant = await createSeller(tx, clock, actor, {
      parentId,
      name,
      currency,
      ...(language !== undefined && { language }),
    })
    const user = await invite(tx, clock, face, actor, {
      ...administrator,
      tenantId: tenant.id,
      roles: ['partner_admin'],
    })
    return { tenant, administrator: user }
  })
}

/**
 * Adds someone to a tenant and mails them the way in: they choose their password themselves.
 *
 * @throws {BuylinkError} as `createUser`.
 */
export async function invite(
  db: Db | Tx,
  clock: Clock,
  face: RegistrationFace,
  actor: Principal,
  input: Invited & { readonly tenantId: TenantId; readonly roles: readonly RoleId[] },
): Promise<User> {
  return transaction(db, async (tx) => {
    const user = await createUser(tx, clock, actor, input)
    const { sellerId, email } = user
    const at = clock.now()
    const token = await issueToken(tx, {
      sellerId,
      purpose: 'reset_password',
      email,
      userId: user.id,
      context: {},
      at,
      lifeMs: INVITATION_LIFE_MS,
    })
    const area = input.roles.some((role) => role.startsWith('company_')) ? 'client' : 'portal'
    const mail = renderStoreMail({
      message: 'invitation',
      language: user.language,
      store: face.stores.listOf(sellerId)[0],
      url: `${originOf(face, sellerId)}/${area}/reset?token=${token}`,
    })
    await queueMail(tx, { ...mail, sellerId, to: email, purpose: 'invitation', correlationId: actor.correlationId, at })
    return user
  })
}
