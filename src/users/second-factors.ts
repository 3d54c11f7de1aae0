import { createHmac, randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { BuylinkError } from '../kernel/errors.ts'
import type { CorrelationId, UserId } from '../kernel/ids.ts'
import { type Clock, MINUTE_MS } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { deriveKey } from '../platform/auth/derive-key.ts'
import { verifyPassword } from '../platform/auth/password.ts'
import { createSeal } from '../platform/auth/seal.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { claimUser } from './claim-user.ts'
import {
  confirmFactor,
  countFailure,
  countRecoveryCodes,
  findFactor,
  keepRecoveryCodes,
  proposeFactor,
  removeFactor,
  type SecondFactor,
  type UserKey,
  useRecoveryCode,
  useStep,
} from './second-factor-store.ts'
import { findPasswordHash, findUser } from './store.ts'

/** RFC 6238 with what every authenticator app takes: SHA-1, six digits, 30 seconds. */
const PERIOD_SECONDS = 30
/** Steps before and after now, for clocks that go wrong. */
const WINDOW = 1
const SECRET_BYTES = 20
const RECOVERY_CODES = 10
/** Guesses in a row, and how long there are no more then. */
const MOST_FAILURES = 5
const BLOCK_MS = 15 * MINUTE_MS

export interface FactorState {
  readonly confirmedAt: Date | null
  readonly recoveryCodesLeft: number
}

/** One-time codes beside the password: set up by their user, asked for at each sign-in, each good for one. */
export interface SecondFactors {
  stateOf(db: Db | Tx, key: UserKey): Promise<FactorState>
  /**
   * Proposes a secret to the signed-in user; nothing is asked for before `confirm`.
   *
   * @throws {BuylinkError} `invalid_credentials` (422): not the password; `conflict`: there is one in force.
   */
  begin(db: Db, clock: Clock, actor: Principal, password: string): Promise<{ secret: string; url: string }>
  /** Puts it in force with a first code. @returns Recovery codes, shown this once. @throws {BuylinkError} As `check`, 422. */
  confirm(db: Db, clock: Clock, actor: Principal, code: string): Promise<string[]>
  /**
   * Lets someone whose password (or mailed link) was right pass, where they have no second factor or the code is good.
   *
   * @throws {BuylinkError} `second_factor_required`: no code; `invalid_credentials`: a wrong or used one; `rate_limited`:
   *   five wrong ones in a row, for 15 minutes.
   */
  check(db: Db, clock: Clock, key: UserKey, code: string | undefined): Promise<void>
  /** Takes one's own away. @throws {BuylinkError} As `check`, 422; `not_found`: there is none. */
  remove(db: Db, clock: Clock, actor: Principal, code: string): Promise<void>
  /** Takes somebody else's away, who has lost it. @throws {BuylinkError} As `claimUser`; `not_found`. */
  reset(db: Db, clock: Clock, actor: Principal, userId: UserId): Promise<void>
}

export interface FactorOptions {
  readonly secret: string
  /** Beside the address in an authenticator app. */
  readonly issuer: string
  /** Told in the transaction of the change: the person learns of it by mail. */
  readonly onChange?: (
    tx: Tx,
    key: UserKey,
    change: FactorChange,
    correlationId: CorrelationId,
    at: Date,
  ) => Promise<void>
}
export type FactorChange = 'added' | 'removed'

export function createSecondFactors({ secret: master, issuer, onChange }: FactorOptions): SecondFactors {
  const seal = createSeal(master, 'second factor')
  const recoveryKey = deriveKey(master, 'recovery code')
  const hashOf = (code: string): Buffer => createHmac('sha256', recoveryKey).update(code).digest()

  /** The time step of a good code; undefined: it is wrong. */
  function stepOf(sealed: Buffer, code: string, at: Date): number | undefined {
    const totp = new TOTP({ secret: Secret.fromBase32(seal.unseal(sealed)), period: PERIOD_SECONDS })
    const delta = totp.validate({ token: code, window: WINDOW, timestamp: at.getTime() })
    return delta === null ? undefined : Math.floor(at.getTime() / 1000 / PERIOD_SECONDS) + delta
  }

  /** The time step of the code that confirms a factor. */
  async function firstStep(db: Db, key: UserKey, factor: SecondFactor, code: string, now: Date): Promise<number> {
    assertNotBlocked(factor.blockedUntil, now)
    const step = stepOf(factor.secret, cleaned(code), now)
    if (step !== undefined) return step
    await countFailure(db, key, MOST_FAILURES, blockFrom(now))
    throw wrongCode(422)
  }

  async function check(db: Db, clock: Clock, key: UserKey, code: string | undefined, status = 401): Promise<void> {
    const factor = await findFactor(db, key)
    if (!factor?.confirmedAt) return
    if (code === undefined)
      throw new BuylinkError('second_factor_required', 'Enter the code of your authenticator app.')
    const now = clock.now()
    assertNotBlocked(factor.blockedUntil, now)
    const clean = cleaned(code)
    const step = stepOf(factor.secret, clean, now)
    const isGood =
      step === undefined ? await useRecoveryCode(db, key, hashOf(clean), now) : await useStep(db, key, step)
    if (isGood) return
    await countFailure(db, key, MOST_FAILURES, blockFrom(now))
    throw wrongCode(status)
  }

  const removeNoted = (db: Db | Tx, clock: Clock, actor: Principal, key: UserKey): Promise<void> =>
    transaction(db, async (tx) => {
      if (!(await removeFactor(tx, key))) throw new BuylinkError('not_found', 'There is no second factor.')
      await note(tx, clock, actor, key, 'user.second_factor.remove')
      await onChange?.(tx, key, 'removed', actor.correlationId, clock.now())
    })

  return {
    async stateOf(db, key) {
      const factor = await findFactor(db, key)
      return { confirmedAt: factor?.confirmedAt ?? null, recoveryCodesLeft: await countRecoveryCodes(db, key) }
    },

    async begin(db, clock, actor, password) {
      const key = ownKey(actor)
      const user = await findUser(db, key.sellerId, key.userId)
      if (!user) throw new BuylinkError('not_found', 'There is no such user.')
      const hash = await findPasswordHash(db, key.sellerId, key.userId)
      if (hash === null || !(await verifyPassword(password, hash)).ok) {
        const message = hash === null ? 'Set a password first.' : 'This is not your present password.'
        const problems = [{ path: 'password', code: 'invalid_credentials', message }]
        throw new BuylinkError('invalid_credentials', message, { problems, status: 422 })
      }
      // The secret is made in the step that keeps it: asked again after a crash, it is the same.
      return transaction(db, async (tx) => {
        const secret = new Secret({ size: SECRET_BYTES })
        if (!(await proposeFactor(tx, key, seal.seal(secret.base32), clock.now())))
          throw new BuylinkError(
            'conflict',
            'You have a second factor already. Remove it before you set up another one.',
          )
        const totp = new TOTP({ issuer, label: user.email, secret, period: PERIOD_SECONDS })
        return { secret: secret.base32, url: totp.toString() }
      })
    },

    async confirm(db, clock, actor, code) {
      const key = ownKey(actor)
      const now = clock.now()
      const factor = await findFactor(db, key)
      const step = factor && !factor.confirmedAt ? await firstStep(db, key, factor, code, now) : 0
      return transaction(db, async (tx) => {
        if (!(await confirmFactor(tx, key, step, now)))
          throw new BuylinkError('conflict', 'There is nothing to confirm. Begin again.')
        const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
        await keepRecoveryCodes(tx, key, codes.map(cleaned).map(hashOf))
        await note(tx, clock, actor, key, 'user.second_factor.add')
        await onChange?.(tx, key, 'added', actor.correlationId, now)
        return codes
      })
    },

    check,

    async remove(db, clock, actor, code) {
      const key = ownKey(actor)
      await check(db, clock, key, code, 422)
      await removeNoted(db, clock, actor, key)
    },

    async reset(db, clock, actor, userId) {
      await transaction(db, async (tx) => {
        const { sellerId } = await claimUser(tx, actor, userId, undefined)
        await removeNoted(tx, clock, actor, { sellerId, userId })
      })
    },
  }
}

function ownKey(actor: Principal): UserKey {
  if (actor.kind !== 'user') throw new BuylinkError('not_found', 'Only a signed-in user has a second factor.')
  return { sellerId: actor.sellerId, userId: actor.id as UserId }
}

async function note(tx: Tx, clock: Clock, actor: Principal, { sellerId, userId }: UserKey, action: string) {
  const user = await findUser(tx, sellerId, userId)
  await audit(tx, {
    sellerId,
    subject: { kind: 'user', id: userId },
    tenantId: user?.tenantId ?? null,
    actor,
    correlationId: actor.correlationId,
    at: clock.now(),
    action,
    details: {},
  })
}

const blockFrom = (now: Date): Date => new Date(now.getTime() + BLOCK_MS)

function assertNotBlocked(until: Date | null, now: Date): void {
  if (until === null || until <= now) return
  const retryAfterSeconds = Math.ceil((until.getTime() - now.getTime()) / 1000)
  throw new BuylinkError('rate_limited', 'Too many wrong codes. Wait a quarter of an hour.', {
    extra: { retryAfterSeconds },
  })
}

function wrongCode(status: number): BuylinkError {
  const message = 'This code is wrong or was used already. Wait for the next one.'
  return new BuylinkError('invalid_credentials', message, {
    problems: [{ path: 'code', code: 'invalid_credentials', message }],
    status,
  })
}

/** Spaces, hyphens and capitals are how people write codes down, and letters that look like digits. */
const cleaned = (code: string): string =>
  code.replaceAll(/[\s-]/g, '').toLowerCase().replaceAll('o', '0').replaceAll(/[il]/g, '1')

/** Crockford's: no letter looks like a digit. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz'

/** Fifty random bits: `k7w3m-qxp2a`. */
function newRecoveryCode(): string {
  const text = [...randomBytes(10)].map((byte) => LETTERS[byte % LETTERS.length]).join('')
  return `${text.slice(0, 5)}-${text.slice(5)}`
}
