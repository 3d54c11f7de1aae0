import { type Account, type AccountDetails, completeRegistration } from '../accounts/index.ts'
import { linkAccount, type Touch } from '../attribution/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { UserId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { findPasswordHash, setPassword } from '../users/index.ts'
import { type RegistrationFace, storeOfSeller } from './face.ts'

export interface FullRegistrationInput {
  readonly details: AccountDetails
  readonly firstName: string
  readonly lastName: string
  readonly acceptPrivacy: boolean
  /** Only for somebody who has none yet; later it takes the present one to change it. */
  readonly password?: string | undefined
  /** What counts for this visit; null without a key. */
  readonly touch: Touch | null
  readonly host: string
  readonly ifMatch?: bigint | undefined
}

/**
 * Completes a registration, sets the first password, and credits the new account to the manager whose key the
 * customer came with: all of it or nothing.
 *
 * @throws {BuylinkError} as `completeRegistration` and `setPassword`; `unprocessable`: there is a password already.
 */
export async function registerFully(
  db: Db,
  clock: Clock,
  face: RegistrationFace,
  actor: Principal,
  input: FullRegistrationInput,
): Promise<Account> {
  if (actor.kind !== 'user') throw new BuylinkError('not_found', 'Only a signed-in user registers.')
  const { sellerId, correlationId } = actor
  const userId = actor.id as UserId
  const store = storeOfSeller(face, input.host, sellerId)
  return transaction(db, async (tx) => {
    if (input.password !== undefined) {
      if ((await findPasswordHash(tx, sellerId, userId)) !== null) throw passwordExists()
      await setPassword(tx, clock, actor, { sellerId, userId, password: input.password })
    }
    const { account, isNew } = await completeRegistration(tx, clock, actor, {
      details: input.details,
      firstName: input.firstName,
      lastName: input.lastName,
      privacyUrl: store?.privacyUrl ?? store?.brand.privacyUrl ?? null,
      acceptPrivacy: input.acceptPrivacy,
      ifMatch: input.ifMatch,
    })
    if (!isNew) return account
    const at = clock.now()
    const reason = 'registration' as const
    const { touch } = input
    const linking = { sellerId, accountId: account.id, touch, reason, orderId: null, actor, correlationId, at }
    const decision = await linkAccount(tx, linking)
    if (decision.kind === 'keep') return account
    return { ...account, managerId: decision.managerId, version: account.version + 1n }
  })
}

const passwordExists = () => {
  const message = 'You have a password already. Change it in your profile.'
  return new BuylinkError('unprocessable', message, {
    problems: [{ path: 'password', code: 'password_exists', message }],
  })
}
