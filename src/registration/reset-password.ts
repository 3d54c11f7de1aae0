import { safeReturnTo } from '../accounts/index.ts'
import { invariant } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Actor } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { queueMail } from '../platform/mail/queue-mail.ts'
import type { StoreEntry } from '../stores/index.ts'
import { findRoot, findTenant, systemActor } from '../tenants/index.ts'
import {
  findPasswordHash,
  findUser,
  issueToken,
  listCandidates,
  peekToken,
  revokeTokens,
  type SignInCandidate,
  setPassword,
  useToken,
} from '../users/index.ts'
import { assertTokenIsOfHost, type Browser, type Confirmed, tokenExpired } from './confirm-registration.ts'
import { isOwnHost, originOf, type RegistrationFace } from './face.ts'
import { RESET_LIFE_MS } from './register.ts'
import { renderStoreMail } from './render-mail.ts'
import { tellOfSignIn } from './tell-sign-in.ts'

/**
 * Mails a link for a new password to everyone who signs in here with this address. To an unknown one goes a mail that
 * says so: the answer and the work are the same, and the owner of the address learns what happened.
 */
export async function requestPasswordReset(
  db: Db,
  clock: Clock,
  face: RegistrationFace,
  actor: Actor,
  input: {
    readonly email: string
    readonly host: string
    readonly language: string
    /** Where to go on afterwards, on whatever device: a buy-link that is being ordered from survives a reset too. */
    readonly returnTo: string | undefined
  },
): Promise<void> {
  const store = face.stores.resolve(input.host)
  const within = store && !isOwnHost(face, input.host) ? store.sellerPath : null
  const candidates = await listCandidates(db, input.email, within)
  if (candidates.length === 0) {
    const sellerId = store?.sellerId ?? (await findRoot(db))?.sellerId
    invariant(sellerId, 'there is a root')
    return mailLink(db, clock, face, actor, { ...input, sellerId, user: null })
  }
  // One transaction a seller.
  for (const user of candidates) await mailLink(db, clock, face, actor, { ...input, sellerId: user.sellerId, user })
}

async function mailLink(
  db: Db,
  clock: Clock,
  face: RegistrationFace,
  actor: Actor,
  to: {
    readonly email: string
    readonly language: string
    readonly returnTo: string | undefined
    readonly sellerId: SellerId
    readonly user: SignInCandidate | null
  },
): Promise<void> {
  const { sellerId, user, email } = to
  const store: StoreEntry | undefined = face.stores.listOf(sellerId)[0]
  await transaction(db, async (tx) => {
    const at = clock.now()
    // Without a user the token opens nothing; it is made for the sake of equal work, and never mailed.
    const token = await issueToken(tx, {
      sellerId,
      purpose: 'reset_password',
      email,
      userId: user?.id ?? null,
      context: {},
      at,
      lifeMs: RESET_LIFE_MS,
    })
    const onward = to.returnTo === undefined ? '' : `return_to=${encodeURIComponent(safeReturnTo(to.returnTo))}`
    const page = user
      ? `/client/reset?token=${token}${onward && `&${onward}`}`
      : `/client/register${onward && `?${onward}`}`
    const mail = renderStoreMail({
      message: user ? 'reset_password' : 'no_account',
      language: user?.language ?? to.language,
      store,
      url: originOf(face, sellerId) + page,
    })
    const correlationId = actor.correlationId
    await queueMail(tx, { ...mail, sellerId, to: email, purpose: 'password_reset', correlationId, at })
    await audit(tx, {
      sellerId,
      subject: user ? { kind: 'user', id: user.id } : { kind: 'tenant', id: sellerId },
      tenantId: null,
      actor,
      correlationId,
      at,
      action: 'user.request_reset',
      details: {},
    })
  })
}

/**
 * Sets a password by a mailed link and ends every session there was: whoever made a reset necessary is out.
 *
 * @throws {BuylinkError} `token_expired`; as `SecondFactors.check`; `weak_password`, and the link stays good for another try.
 */
export async function resetPassword(
  db: Db,
  clock: Clock,
  face: RegistrationFace,
  actor: Actor,
  browser: Browser,
  input: {
    readonly token: string
    readonly password: string
    readonly code: string | undefined
    readonly host: string
  },
): Promise<Confirmed> {
  await assertTokenIsOfHost(db, face, input)
  // A mailbox that was taken over is not the authenticator: the code is asked for here too.
  const whose = await peekToken(db, 'reset_password', input.token, clock.now())
  if (whose) await face.secondFactors.check(db, clock, whose, input.code)
  return transaction(db, async (tx) => {
    const at = clock.now()
    const token = await useToken(tx, 'reset_password', input.token, at)
    const user = token?.userId ? await findUser(tx, token.sellerId, token.userId) : undefined
    if (!token || !user?.enabled) throw tokenExpired()
    const { sellerId, id: userId } = user
    const tenant = await findTenant(tx, user.tenantId)
    if (!tenant?.enabled) throw tokenExpired()
    const system = systemActor(sellerId, tenant.id, tenant.path, 'password-reset', actor.correlationId)
    const hadPassword = (await findPasswordHash(tx, sellerId, userId)) !== null
    await setPassword(tx, clock, system, { sellerId, userId, password: input.password, byMail: true })
    const { correlationId } = actor
    // Who takes up an invitation sets the first one.
    if (hadPassword) await tellOfSignIn(tx, face, { sellerId, userId, correlationId, at }, 'password_changed')
    await revokeTokens(tx, sellerId, userId, at)
    await face.sessions.endAllOf(tx, { sellerId, userId })
    const { csrfToken } = await face.sessions.start({ ...browser, db: tx }, { sellerId, userId })
    return { sellerId, userId, context: token.context, csrfToken }
  })
}
