import { BuylinkError, invariant } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { updateTenant } from '../tenants/index.ts'
import { updateProfile } from '../users/index.ts'
import { aboutAccount, publishCreated } from './create-account.ts'
import { accountName, registrationProblems } from './rules.ts'
import type { Account, AccountDetails } from './schema.ts'
import { findAccount, insertAcceptance, lockAccount, updateDetails } from './store.ts'

export interface FullRegistration {
  readonly details: AccountDetails
  readonly firstName: string
  readonly lastName: string
  /** Address of the privacy policy to accept; null: the store has none. */
  readonly privacyUrl: string | null
  readonly acceptPrivacy: boolean
  /** Refuses when the account has another version. */
  readonly ifMatch?: bigint | undefined
}

export interface CompletedRegistration {
  readonly account: Account
  /** It was quick until now: `account.created` is published. */
  readonly isNew: boolean
}

/**
 * Turns a quick registration into a full one, or corrects a full one: contact data of the account and of the person,
 * the privacy policy's acceptance logged. Publishes `account.created` the first time, `account.updated` after that.
 *
 * @param actor A signed-in user of the account.
 * @throws {BuylinkError} `not_found`: the caller has no account; `unprocessable` with every problem at once;
 *   `terms_not_accepted`; `version_mismatch`.
 */
export async function completeRegistration(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  input: FullRegistration,
): Promise<CompletedRegistration> {
  const problems = registrationProblems(input.details, input)
  if (problems.length > 0) throw new BuylinkError('unprocessable', 'Some details are missing or wrong.', { problems })
  return transaction(db, async (tx) => {
    const before = await lockAccount(tx, actor.sellerId, actor.tenantId)
    if (!before) throw new BuylinkError('not_found', 'You have no customer account.')
    if (input.ifMatch !== undefined && input.ifMatch !== before.version)
      throw new BuylinkError('version_mismatch', 'The account was changed meanwhile. Load it again.')
    const isNew = before.registration === 'quick'
    const accepted = input.acceptPrivacy ? input.privacyUrl : null
    if (isNew && input.privacyUrl !== null && accepted === null) throw privacyNotAccepted()
    const at = clock.now()
    await updateDetails(tx, before, input.details, at)
    await updateTenant(tx, before.id, at, { name: accountName(input.details, input) })
    await updateProfile(tx, clock, actor, {
      firstName: input.firstName,
      lastName: input.lastName,
      phone: input.details.phone ?? '',
    })
    if (accepted !== null)
      await insertAcceptance(tx, {
        sellerId: before.sellerId,
        id: newId(at.getTime()),
        accountId: before.id,
        userId: actor.id,
        document: 'privacy',
        url: accepted,
        at,
      })
    const account = await findAccount(tx, before.sellerId, before.id)
    invariant(account, 'its row is locked')
    const about = aboutAccount(account, actor, at)
    if (isNew) await publishCreated(tx, account, actor, at)
    else await publish(tx, { ...about, type: 'account.updated', payload: { account_id: account.id } })
    const details = { accepted: accepted === null ? [] : ['privacy'] }
    await audit(tx, { ...about, action: isNew ? 'account.register' : 'account.update', details })
    return { account, isNew }
  })
}

const privacyNotAccepted = () => {
  const message = 'Please read and accept the privacy policy.'
  const problems = [{ path: 'accept_privacy', code: 'terms_not_accepted', message }]
  return new BuylinkError('terms_not_accepted', message, { problems })
}
