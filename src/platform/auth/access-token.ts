import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { BuylinkError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { ClientPrincipal } from './principals.ts'
import type { RevokedTokens } from './revoked-tokens.ts'
import { SIGNING_ALGORITHM, type SigningKeys } from './signing-keys.ts'
import { createVerifiedTokens } from './verified-tokens.ts'

/** Two hours, as the compatible API's clients expect. */
export const TOKEN_LIFE_SECONDS = 7200
/** Of the claims. */
const VERSION = '2'

export interface AccessTokenClaims {
  /** `jti`. */
  readonly id: string
  readonly clientId: string
  readonly scopes: ReadonlySet<string>
  readonly expiresAt: Date
  /** All that the token says, as it says it. */
  readonly payload: JWTPayload
}

/** Whom a token is for: what of its client the documents' claims tell. */
export type TokenHolder = Pick<ClientPrincipal, 'tenantId' | 'tenantNumber' | 'role'>

export interface AccessTokens {
  /** @returns The token, and an OpenID Connect ID token that tells the client about itself and opens nothing. */
  issue(
    clientId: string,
    client: TokenHolder,
    scopes: readonly string[],
  ): Promise<{ token: string; idToken: string; expiresAt: Date }>
  /** @throws {BuylinkError} `unauthenticated`: not ours, altered, expired, or given back. */
  verify(token: string): Promise<AccessTokenClaims>
  /** Ends a token before its time. One that is no good any more is left as it is. */
  revoke(claims: AccessTokenClaims): Promise<void>
}

/**
 * Access tokens (JWT, RS256) of API clients, good for both surfaces. Claims of facts/acronis-upsell.md §6.1: `iss`, `sub` =
 * `client_id`, `aud`, `exp`, `iat`, `jti`, `ver`, `sub_type`, `owner_tuid`, and `scope` with the tenant by number
 * (`tid`) and UUID (`tuid`) and the role there. Ours is `scp`: the words of this API that the token may use.
 *
 * @param options.issuer The public URL.
 */
export function createAccessTokens(options: {
  readonly keys: SigningKeys
  readonly clock: Clock
  readonly issuer: string
  readonly revoked: RevokedTokens
}): AccessTokens {
  const { keys, clock, issuer, revoked } = options
  const audience = `${issuer}/api`
  const verified = createVerifiedTokens<AccessTokenClaims>(clock)

  async function check(token: string): Promise<AccessTokenClaims> {
    const { kid } = decodeProtectedHeader(token)
    const key = kid === undefined ? undefined : await keys.find(kid)
    if (!key) throw new errors.JWSSignatureVerificationFailed('unknown key')
    const { payload } = await jwtVerify(token, key, {
      algorithms: [SIGNING_ALGORITHM],
      issuer,
      audience,
      currentDate: clock.now(),
      requiredClaims: ['sub', 'exp', 'jti', 'scp'],
    })
    const words: unknown = payload['scp']
    return {
      id: String(payload.jti),
      clientId: String(payload.sub),
      scopes: new Set(Array.isArray(words) ? words.map(String) : []),
      expiresAt: new Date((payload.exp ?? 0) * 1000),
      payload,
    }
  }

  async function verifyNow(token: string): Promise<AccessTokenClaims> {
    try {
      const claims = await check(token)
      verified.keep(token, claims)
      return claims
    } catch (cause) {
      if (!(cause instanceof errors.JOSEError || cause instanceof TypeError)) throw cause
      throw refused(
        cause instanceof errors.JWTExpired ? 'The access token has expired.' : 'The access token is not valid.',
        cause,
      )
    }
  }

  return {
    async issue(clientId, client, scopes) {
      const { id, privateKey } = await keys.current()
      const issuedAt = Math.floor(clock.now().getTime() / 1000)
      const about = { client_id: clientId, sub_type: 'api_client', owner_tuid: client.tenantId }
      const sign = (claims: JWTPayload, to: string) =>
        new SignJWT({ ...about, ...claims })
          .setProtectedHeader({ alg: SIGNING_ALGORITHM, kid: id, typ: 'JWT' })
          .setIssuer(issuer)
          .setAudience(to)
          .setSubject(clientId)
          .setJti(newId())
          .setIssuedAt(issuedAt)
          .setExpirationTime(issuedAt + TOKEN_LIFE_SECONDS)
          .sign(privateKey)
      const place = { tid: String(client.tenantNumber), tuid: client.tenantId, role: client.role }
      return {
        token: await sign({ ver: VERSION, scope: [place], scp: [...scopes] }, audience),
        // For the client alone: its audience is no API.
        idToken: await sign({}, clientId),
        expiresAt: new Date((issuedAt + TOKEN_LIFE_SECONDS) * 1000),
      }
    },

    async verify(token) {
      const claims = verified.find(token) ?? (await verifyNow(token))
      if (await revoked.has(claims.id)) throw refused('The access token was given back.')
      return claims
    },

    revoke: (claims) => revoked.add(claims.id, claims.expiresAt),
  }
}

const refused = (message: string, cause?: unknown) => new BuylinkError('unauthenticated', message, { cause })
