import { decodeJwt, errors, jwtVerify, SignJWT } from 'jose'
import { BuylinkError } from '../../kernel/errors.ts'
import { newId, type SellerId, type UserId } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import { SIGNING_ALGORITHM, type SigningKeys } from './signing-keys.ts'
import { createVerifiedTokens } from './verified-tokens.ts'

/** Long enough for a page to load and ask again, short enough to be of little use to who finds it. */
export const USER_TOKEN_SECONDS = 900

export interface UserTokenClaims {
  readonly sellerId: SellerId
  readonly userId: UserId
  /** Origins whose pages may use it in a browser. */
  readonly origins: readonly string[]
}

/** As a token says it. */
interface VerifiedClaims extends UserTokenClaims {
  readonly expiresAt: Date
}

export interface UserTokens {
  issue(claims: UserTokenClaims): Promise<{ token: string; expiresAt: Date }>
  /** Whether a token is one of these at all, unverified: access tokens have another audience. */
  isOne(token: string): boolean
  /** @throws {BuylinkError} `unauthenticated`: not ours, altered, or expired. */
  verify(token: string): Promise<VerifiedClaims>
}

/** Tokens with which a vendor's console reads one user's alerts, and nothing else (JWT, RS256, an audience of their own). */
export function createUserTokens(options: {
  readonly keys: SigningKeys
  readonly clock: Clock
  readonly issuer: string
}): UserTokens {
  const { keys, clock, issuer } = options
  const audience = `${issuer}/alerts`
  const verified = createVerifiedTokens<VerifiedClaims>(clock)

  async function check(token: string): Promise<VerifiedClaims> {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = kid === undefined ? undefined : await keys.find(kid)
        if (!key) throw new errors.JWSSignatureVerificationFailed('unknown key')
        return key
      },
      {
        algorithms: [SIGNING_ALGORITHM],
        issuer,
        audience,
        currentDate: clock.now(),
        requiredClaims: ['sub', 'exp', 'seller', 'origins'],
      },
    )
    const { sub, seller, origins, exp = 0 } = payload
    return {
      userId: String(sub),
      sellerId: String(seller),
      origins: Array.isArray(origins) ? origins.map(String) : [],
      expiresAt: new Date(exp * 1000),
    }
  }

  return {
    async issue({ sellerId, userId, origins }) {
      const { id, privateKey } = await keys.current()
      const issuedAt = Math.floor(clock.now().getTime() / 1000)
      const token = await new SignJWT({ seller: sellerId, origins })
        .setProtectedHeader({ alg: SIGNING_ALGORITHM, kid: id, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setJti(newId())
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + USER_TOKEN_SECONDS)
        .sign(privateKey)
      return { token, expiresAt: new Date((issuedAt + USER_TOKEN_SECONDS) * 1000) }
    },
    isOne(token) {
      if (verified.find(token)) return true
      try {
        return decodeJwt(token).aud === audience
      } catch {
        return false
      }
    },
    async verify(token) {
      const known = verified.find(token)
      if (known) return known
      try {
        const claims = await check(token)
        verified.keep(token, claims)
        return claims
      } catch (cause) {
        if (!(cause instanceof errors.JOSEError || cause instanceof TypeError)) throw cause
        throw new BuylinkError('unauthenticated', 'The user token is not valid, or has expired.', { cause })
      }
    },
  }
}
