import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose'
import { BuylinkError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { ClientPrincipal } from './principals.ts'
import { SIGNING_ALGORITHM, type SigningKeys } from './signing-keys.ts'
import { sha256 } from './tokens.ts'

/** Two hours, as the compatible API's clients expect. */
export const TOKEN_LIFE_SECONDS = 7200
const MAX_CACHED = 5000

export interface AccessTokenClaims {
  readonly clientId: string
  readonly scopes: ReadonlySet<string>
  readonly expiresAt: Date
}

export interface AccessTokens {
  issue(
    clientId: string,
    client: Pick<ClientPrincipal, 'tenantId'>,
    scopes: readonly string[],
  ): Promise<{ token: string; expiresAt: Date }>
  /** @throws {BuylinkError} `unauthenticated`: not ours, altered, or expired. */
  verify(token: string): Promise<AccessTokenClaims>
}

/**
 * Access tokens (JWT, RS256) of API clients. Claims: `iss`, `aud`, `sub` = `client_id`, `scope` (words), `tenant` (UUID), `exp`.
 *
 * @param options.issuer The public URL.
 */
export function createAccessTokens(options: {
  readonly keys: SigningKeys
  readonly clock: Clock
  readonly issuer: string
}): AccessTokens {
  const { keys, clock, issuer } = options
  const audience = `${issuer}/api`
  // A client sends the same token for two hours; checking a signature costs more than the rest of a small request.
  const verified = new Map<string, AccessTokenClaims>()

  async function check(token: string): Promise<AccessTokenClaims> {
    const { kid } = decodeProtectedHeader(token)
    const key = kid === undefined ? undefined : await keys.find(kid)
    if (!key) throw new errors.JWSSignatureVerificationFailed('unknown key')
    const { payload } = await jwtVerify(token, key, {
      algorithms: [SIGNING_ALGORITHM],
      issuer,
      audience,
      currentDate: clock.now(),
      requiredClaims: ['sub', 'exp', 'scope'],
    })
    return {
      clientId: String(payload.sub),
      scopes: new Set(String(payload['scope']).split(' ')),
      expiresAt: new Date((payload.exp ?? 0) * 1000),
    }
  }

  return {
    async issue(clientId, client, scopes) {
      const { id, privateKey } = await keys.current()
      const issuedAt = Math.floor(clock.now().getTime() / 1000)
      const token = await new SignJWT({ client_id: clientId, scope: scopes.join(' '), tenant: client.tenantId })
        .setProtectedHeader({ alg: SIGNING_ALGORITHM, kid: id, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(clientId)
        .setJti(newId())
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + TOKEN_LIFE_SECONDS)
        .sign(privateKey)
      return { token, expiresAt: new Date((issuedAt + TOKEN_LIFE_SECONDS) * 1000) }
    },

    async verify(token) {
      const cacheKey = sha256(token).toString('base64')
      let claims = verified.get(cacheKey)
      if (!claims) {
        try {
          claims = await check(token)
        } catch (cause) {
          if (!(cause instanceof errors.JOSEError || cause instanceof TypeError)) throw cause
          throw refused(
            cause instanceof errors.JWTExpired ? 'The access token has expired.' : 'The access token is not valid.',
            cause,
          )
        }
        const oldest = verified.size >= MAX_CACHED ? verified.keys().next().value : undefined
        if (oldest !== undefined) verified.delete(oldest)
        verified.set(cacheKey, claims)
      }
      if (claims.expiresAt <= clock.now()) {
        verified.delete(cacheKey)
        throw refused('The access token has expired.')
      }
      return claims
    },
  }
}

const refused = (message: string, cause?: unknown) => new BuylinkError('unauthenticated', message, { cause })
