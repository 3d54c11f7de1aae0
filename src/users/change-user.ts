import { BuylinkError } from '../kernel/errors.ts'
import type { UserId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import { platformError } from '../platform/http/v2.ts'
import type { StoredContact } from '../tenants/schema.ts'
import { claimUser } from './claim-user.ts'
import { keepAdministrator } from './keep-administrator.ts'
import { changeLogin, findVisibleUser } from './profile-store.ts'
import { tellOfUser } from './publish-user.ts'
import { loginProblem, mayBuy } from './rules.ts'
import type { UserProfile } from './schema.ts'
import { updateUser } from './store.ts'

export interface UserWrite {
  readonly id: UserId
  /** The one that was last read. */
  readonly version: bigint
  readonly login?: string | undefined
  readonly email?: string | undefined
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
  readonly phone?: string | undefined
  /** What else of the contact changes. */
  readonly contact?: StoredContact | undefined
  readonly enabled?: boolean | undefined
  readonly language?: string | undefined
  readonly externalId?: string | null | undefined
  readonly idpId?: string | null | undefined
  readonly businessTypes?: readonly string[] | undefined
  readonly notifications?: readonly string[] | undefined
  readonly disableAfter?: Date | null | undefined
}

/**
 * Changes a user as of a version, and raises that by exactly one. Publishes `user.updated`, and `user.enabled` or
 * `user.disabled` where that is what happened.
 *
 * @throws {BuylinkError} Platform codes of `claimUser`; 1033: a login that is none; 1027: oneself disabled, a buyer who
 *   is no customer's, the last administrator disabled; `conflict`: the login or the address is somebody else's.
 */
export async function changeUser(db: Db | Tx, clock: Clock, actor: Principal, write: UserWrite): Promise<UserProfile> {
  return transaction(db, (tx) => {
    const change = () => changeIn(tx, clock, actor, write)
    return write.enabled === false ? keepAdministrator(tx, actor, write.id, change) : change()
  })
}

async function changeIn(tx: Tx, clock: Clock, actor: Principal, write: UserWrite): Promise<UserProfile> {
  const at = clock.now()
  const user = await claimUser(tx, actor, write.id, write.version)
  if (write.enabled === false && user.id === actor.id)
    throw platformError('business_rules', 'You cannot disable yourself.')
  if (write.businessTypes?.includes('buyer') && !mayBuy(user.tenantKind))
    throw platformError('business_rules', 'Only people of a customer can be buyers.')
  const login = write.login?.trim() ?? user.login
  const email = write.email?.trim().toLowerCase() || user.email
  if (login !== user.login && loginProblem(login) !== undefined)
    throw platformError('invalid_login', loginProblem(login) ?? '')
  if ((login !== user.login || email !== user.email) && !(await changeLogin(tx, user, { login, email })))
    throw new BuylinkError('conflict', 'Someone has this login or address already.')

  const { contact, ...plain } = write
  const changed = await updateUser(tx, user.sellerId, user.id, at, {
    ...plain,
    login,
    email,
    ...(contact && { contact: { ...user.contact, ...contact } }),
    // Another address is not yet known to be theirs.
    ...(email !== user.email && { emailConfirmedAt: null }),
  })
  if (!changed) throw new BuylinkError('not_found', 'There is no such user.')
  const tell = tellOfUser(tx, actor, changed, at)
  const fields = Object.keys(write).filter((field) => field !== 'id' && field !== 'version')
  await tell('updated', { version: String(changed.version), fields })
  if (changed.enabled !== user.enabled) await tell(changed.enabled ? 'enabled' : 'disabled')
  return (await findVisibleUser(tx, actor, user.id)) as UserProfile
}
