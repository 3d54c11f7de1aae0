import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId, UserId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { assertStrongPassword, hashPassword, verifyPassword } from '../platform/auth/password.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import type { User } from './schema.ts'
import { findPasswordHash, findUser, replaceHash, updateUser } from './store.ts'

export interface NewPassword {
  readonly sellerId: SellerId
  readonly userId: UserId
  readonly password: string
  /** Set by a mailed link, which proves the address too. */
  readonly byMail?: boolean
}

/**
 * Gives a person a password. Who may ask, and which sessions end, is the caller's to decide.
 *
 * @throws {BuylinkError} `weak_password`; `not_found`.
 */
export async function setPassword(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  { sellerId, userId, password, byMail }: NewPassword,
): Promise<User> {
  const user = await findUser(db, sellerId, userId)
  if (!user) throw new BuylinkError('not_found', 'There is no such user.')
  assertStrongPassword(password, [user.email, user.login, user.firstName, user.lastName])
  const passwordHash = await hashPassword(password)
  return transaction(db, async (tx) => {
    const at = clock.now()
    const confirms = byMail && user.emailConfirmedAt === null
    const changed = await updateUser(tx, sellerId, userId, at, {
      passwordHash,
      ...(confirms && { emailConfirmedAt: at }),
    })
    if (!changed) throw new BuylinkError('not_found', 'There is no such user.')
    await audit(tx, {
      sellerId,
      subject: { kind: 'user', id: userId },
      tenantId: user.tenantId,
      actor,
      correlationId: actor.correlationId,
      at,
      action: 'user.set_password',
      details: { by_mail: byMail ?? false },
    })
    return changed
  })
}

/**
 * Changes the signed-in person's own password. Who has one has to know it: an unlocked screen is not enough.
 *
 * @throws {BuylinkError} `invalid_credentials` (422, the session stays good); `weak_password`; `not_found`.
 */
export async function changePassword(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  { currentPassword, password }: { readonly currentPassword?: string | undefined; readonly password: string },
): Promise<User> {
  if (actor.kind !== 'user') throw new BuylinkError('not_found', 'Only a signed-in user has a password.')
  const userId = actor.id as UserId
  const hash = await findPasswordHash(db, actor.sellerId, userId)
  if (hash !== null && !(await verifyPassword(currentPassword ?? '', hash)).ok) {
    const message = 'This is not your present password.'
    const problems = [{ path: 'current_password', code: 'invalid_credentials', message }]
    throw new BuylinkError('invalid_credentials', message, { problems, status: 422 })
  }
  return setPassword(db, clock, actor, { sellerId: actor.sellerId, userId, password })
}

/** Hashes a password that was right again, at today's cost. Changes nothing that anyone sees, so it keeps no record. */
export async function refreshPasswordHash(
  db: Db,
  user: { readonly sellerId: SellerId; readonly id: UserId; readonly passwordHash: string | null },
  password: string,
): Promise<void> {
  const fresh = await hashPassword(password)
  // Only while it is still the one that was right.
  await replaceHash(db, user, fresh)
}
