import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId, UserId } from '../kernel/ids.ts'
import { DAY_MS, type Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { queueMail } from '../platform/mail/queue-mail.ts'
import { getTenant, type Tenant } from '../tenants/index.ts'
import { createUser, findUser, issueToken, type RoleId, type User } from '../users/index.ts'
import { isStaffAt } from '../users/rules.ts'
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
 * Adds someone to a tenant and mails them the way in: they choose their password themselves.
 *
 * @throws {BuylinkError} as `createUser`.
 */
export async function invite(
  db: Db | Tx,
  clock: Clock,
  face: RegistrationFace,
  actor: Principal,
  input: Invited & {
    readonly tenantId: TenantId
    readonly roles: readonly RoleId[]
    readonly businessTypes?: readonly string[]
  },
): Promise<User> {
  return transaction(db, async (tx) => {
    const tenant = await getTenant(tx, actor, input.tenantId)
    const user = await createUser(tx, clock, actor, input)
    await mailInvitation(tx, clock, face, actor, user.id, tenant)
    return user
  })
}

/** Mails someone a link, good for seven days, to choose a password: customers to the control panel, staff to the portal. */
export async function mailInvitation(
  db: Db | Tx,
  clock: Clock,
  face: RegistrationFace,
  actor: Principal,
  userId: UserId,
  { kind, sellerId }: Pick<Tenant, 'kind' | 'sellerId'>,
): Promise<void> {
  await transaction(db, async (tx) => {
    const user = await findUser(tx, sellerId, userId)
    if (!user) throw new BuylinkError('not_found', 'There is no such user.')
    const { email, language } = user
    const at = clock.now()
    const token = await issueToken(tx, {
      sellerId,
      purpose: 'reset_password',
      email,
      userId,
      context: {},
      at,
      lifeMs: INVITATION_LIFE_MS,
    })
    const area = isStaffAt(kind) ? 'portal' : 'client'
    const mail = renderStoreMail({
      message: 'invitation',
      language,
      store: face.stores.listOf(sellerId)[0],
      url: `${originOf(face, sellerId)}/${area}/reset?token=${token}`,
    })
    await queueMail(tx, { ...mail, sellerId, to: email, purpose: 'invitation', correlationId: actor.correlationId, at })
  })
}
