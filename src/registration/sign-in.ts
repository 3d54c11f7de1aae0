import { BuylinkError, invariant } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Actor } from '../platform/actor.ts'
import { verifyPassword } from '../platform/auth/password.ts'
import type { StartedSession } from '../platform/auth/sessions.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit, wasAudited } from '../platform/events/publish.ts'
import { findTenant, tenantOf } from '../tenants/index.ts'
import { chooseUser, findUser, listCandidates, refreshPasswordHash, type SignInCandidate } from '../users/index.ts'
import { isOwnHost, originOf, type RegistrationFace } from './face.ts'
import { tellOfSignIn } from './tell-sign-in.ts'

const SIGN_IN = 'session.start'

export interface Credentials {
  readonly email: string
  readonly password: string
  readonly host: string
  /** One of the sellers of a former `conflict`, chosen by the person. */
  readonly sellerId?: SellerId | undefined
}

/**
 * Finds out who someone is by e-mail and password. At a store's host those are its people and the people above it,
 * the nearest first; elsewhere, and at the installation's own address, everyone.
 *
 * An unknown address costs as much as a known one with a wrong password: one verification at least.
 *
 * @throws {BuylinkError} `invalid_credentials`; `conflict` with `stores` when the password fits people of several
 *   sellers, so nobody without the password learns where an address is known.
 */
export async function identify(db: Db, face: RegistrationFace, credentials: Credentials): Promise<SignInCandidate> {
  const store = face.stores.resolve(credentials.host)
  const within = store && !isOwnHost(face, credentials.host) ? store.sellerPath : null
  const everyone = await listCandidates(db, credentials.email, within)
  const candidates = everyone.filter(
    ({ sellerId }) => credentials.sellerId === undefined || sellerId === credentials.sellerId,
  )
  const matching: SignInCandidate[] = []
  // One after the other: each takes a core and memory.
  for (const candidate of candidates.length > 0 ? candidates : [null]) {
    const verdict = await verifyPassword(credentials.password, candidate?.passwordHash)
    if (!candidate || !verdict.ok) continue
    matching.push(candidate)
    if (verdict.needsRehash) await refreshPasswordHash(db, candidate, credentials.password)
  }
  const choice = chooseUser(matching, store?.sellerPath ?? null)
  if (choice.kind === 'none') throw new BuylinkError('invalid_credentials', 'E-mail address or password is wrong.')
  if (choice.kind === 'one') return choice.user
  throw new BuylinkError('conflict', 'You are known at several stores. Choose the one you want to sign in to.', {
    extra: { stores: await Promise.all(choice.users.map(({ sellerId }) => presentSeller(db, face, sellerId))) },
  })
}

async function presentSeller(db: Db, face: RegistrationFace, sellerId: SellerId) {
  const seller = await findTenant(db, tenantOf(sellerId))
  invariant(seller, 'a user’s seller exists')
  return { sellerId, name: face.stores.listOf(sellerId)[0]?.name ?? seller.name, origin: originOf(face, sellerId) }
}

/** Writes down that someone signed in, and tells them by mail where it was with another browser than ever before. */
export async function noteSignIn(
  db: Db,
  clock: Clock,
  face: Pick<RegistrationFace, 'stores' | 'publicUrl'>,
  actor: Actor,
  {
    sellerId,
    id: userId,
    isKnownBrowser,
  }: Pick<SignInCandidate, 'sellerId' | 'id'> & Pick<StartedSession, 'isKnownBrowser'>,
): Promise<void> {
  await transaction(db, async (tx) => {
    const at = clock.now()
    const { correlationId } = actor
    const subject = { kind: 'user', id: userId }
    const person = await findUser(tx, sellerId, userId)
    // The first sign-in of all is with a new browser too.
    if (!isKnownBrowser && (await wasAudited(tx, sellerId, subject, SIGN_IN)))
      await tellOfSignIn(tx, face, { sellerId, userId, correlationId, at }, 'new_browser')
    await audit(tx, {
      sellerId,
      subject,
      tenantId: person?.tenantId ?? null,
      actor: { kind: 'user', id: userId },
      correlationId,
      at,
      action: SIGN_IN,
      details: {},
    })
  })
}
