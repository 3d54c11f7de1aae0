import { createAccount } from '../accounts/index.ts'
import { BuylinkError, invariant } from '../kernel/errors.ts'
import type { SellerId, UserId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Actor } from '../platform/actor.ts'
import type { SessionContext } from '../platform/auth/sessions.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { findTenant, isAtOrBelow, systemActor, tenantOf } from '../tenants/index.ts'
import {
  createUser,
  findPasswordHash,
  findUserByEmail,
  sellerOfToken,
  type TokenContext,
  type UsedToken,
  type User,
  useToken,
} from '../users/index.ts'
import { isOwnHost, type RegistrationFace } from './face.ts'

/** The browser that is signed in: its cookies and the answer to it. */
export type Browser = Omit<SessionContext, 'db'>

export interface Confirmed {
  readonly sellerId: SellerId
  readonly userId: UserId
  readonly context: TokenContext
  /** Of the session that began. */
  readonly csrfToken: string
}

/**
 * Confirms an address: makes the customer's tenant, its quick account and its administrator, all or nothing.
 * Of several confirmations at once the token's row lock lets one through.
 *
 * An older link of somebody who came in by another one signs them in too, unless they have a password by now: from then
 * on a mail two days old must not be a key.
 *
 * @throws {BuylinkError} `token_expired`: used, too old, of another store, or none of ours.
 */
export async function confirmRegistration(
  db: Db,
  clock: Clock,
  face: RegistrationFace,
  actor: Actor,
  browser: Browser,
  input: { readonly token: string; readonly host: string },
): Promise<Confirmed> {
  await assertTokenIsOfHost(db, face, input)
  const begin = async (tx: Tx, { sellerId, id: userId }: User, { context }: UsedToken): Promise<Confirmed> => {
    const { csrfToken } = await face.sessions.start({ ...browser, db: tx }, { sellerId, userId })
    return { sellerId, userId, context, csrfToken }
  }
  const attempt = () =>
    transaction(db, async (tx) => {
      const token = await useToken(tx, 'confirm_registration', input.token, clock.now())
      if (!token) throw tokenExpired()
      const known = await findUserByEmail(tx, token.sellerId, token.email)
      if (!known) return begin(tx, await createCustomer(tx, clock, actor, token), token)
      if (!known.enabled || (await findPasswordHash(tx, known.sellerId, known.id)) !== null) throw tokenExpired()
      return begin(tx, known, token)
    })
  try {
    return await attempt()
  } catch (error) {
    // Another link of the same person was confirmed at the same moment: now they are known.
    if (error instanceof BuylinkError && error.code === 'conflict') return attempt()
    throw error
  }
}

async function createCustomer(tx: Tx, clock: Clock, actor: Actor, token: UsedToken): Promise<User> {
  const { sellerId, email, context } = token
  const seller = await findTenant(tx, tenantOf(sellerId))
  invariant(seller, 'a token’s seller exists')
  const system = systemActor(sellerId, seller.id, seller.path, 'registration', actor.correlationId)
  const language = context.language ?? seller.language
  const account = await createAccount(tx, clock, system, {
    parentId: seller.id,
    name: email,
    registration: 'quick',
    language,
    selfRegistered: true,
  })
  return createUser(tx, clock, system, {
    tenantId: account.id,
    email,
    language,
    roles: ['company_admin'],
    // Who comes alone buys, pays and hears of quotas.
    businessTypes: ['buyer'],
    notifications: ['quota'],
    emailConfirmed: true,
  })
}

/** A store signs in its own people and those above it, the installation's own address everyone: by mail as by password. */
export async function assertTokenIsOfHost(
  db: Db,
  face: RegistrationFace,
  { token, host }: { readonly token: string; readonly host: string },
): Promise<void> {
  const sellerId = sellerOfToken(token)
  const seller = sellerId === undefined ? undefined : await findTenant(db, tenantOf(sellerId))
  const store = face.stores.resolve(host)
  if (!seller?.enabled) throw tokenExpired()
  if (store && !isOwnHost(face, host) && !isAtOrBelow(store.sellerPath, seller.path)) throw tokenExpired()
}

export const tokenExpired = () =>
  new BuylinkError('token_expired', 'This link was used already or is too old. Sign in, or ask for a new mail.')
