import { BuylinkError } from '../../kernel/errors.ts'
import type { AccessTokens } from './access-token.ts'
import type { ClientPrincipal, PrincipalLoaders } from './principals.ts'
import { sha256 } from './tokens.ts'
import { timingSafeEqual } from 'node:crypto'

/** A request of the token endpoint (RFC 6749 §4.4), as it came. */
export interface TokenRequest {
  readonly authorization: string | undefined
  readonly grantType?: string | undefined
  readonly clientId?: string | undefined
  readonly clientSecret?: string | undefined
  /** Words; all that the client may unless given. */
  readonly scope?: string | undefined
}

export interface TokenAnswer {
  readonly accessToken: string
  readonly tokenType: 'bearer'
  readonly expiresIn: number
  /** Unix seconds. */
  readonly expiresOn: number
  readonly idToken: string
  readonly scope: string
}

/** How a program says who it is to the token endpoints: by Basic, or by fields of the form. */
export type ClientCredentials = Pick<TokenRequest, 'authorization' | 'clientId' | 'clientSecret'>

type Loaders = Pick<PrincipalLoaders, 'loadClient'>

/** Errors of RFC 6749 §5.2; the name travels in `extra`, where the route's renderer finds it. */
export const refuse = (name: string, status: number, message: string): BuylinkError =>
  new BuylinkError(status === 401 ? 'invalid_credentials' : 'invalid_request', message, {
    status,
    extra: { oauthError: name },
  })

/** Gives an API client an access token for its id and secret. @throws {BuylinkError} With `extra.oauthError`. */
export async function issueToken(
  services: {
    readonly loaders: Loaders
    readonly accessTokens: AccessTokens
    now(): Date
  },
  request: TokenRequest,
): Promise<TokenAnswer> {
  const credentials = credentialsOf(request)
  if (request.grantType === undefined) throw refuse('invalid_request', 400, 'grant_type is missing.')
  if (request.grantType !== 'client_credentials')
    throw refuse('unsupported_grant_type', 400, 'grant_type must be client_credentials.')
  const { id, client } = await known(services.loaders, credentials)
  const scopes = scopesOf(client, request.scope)
  const { token, idToken, expiresAt } = await services.accessTokens.issue(id, client, scopes)
  return {
    accessToken: token,
    tokenType: 'bearer',
    expiresIn: Math.round((expiresAt.getTime() - services.now().getTime()) / 1000),
    expiresOn: Math.floor(expiresAt.getTime() / 1000),
    idToken,
    scope: scopes.join(' '),
  }
}

/** The client that credentials are right for. @throws {BuylinkError} `invalid_client` in `extra.oauthError`. */
export const authenticateClient = async (loaders: Loaders, request: ClientCredentials): Promise<string> =>
  (await known(loaders, credentialsOf(request))).id

async function known(loaders: Loaders, { id, secret }: { readonly id: string; readonly secret: string }) {
  const client = await loaders.loadClient(id)
  if (!isRightSecret(client, secret) || !client?.enabled)
    throw refuse('invalid_client', 401, 'There is no such client, its secret is another one, or it is disabled.')
  return { id, client }
}

/** Takes as long for an unknown client as for a wrong secret. */
function isRightSecret(client: ClientPrincipal | undefined, secret: string): boolean {
  const given = sha256(secret)
  const isRight = timingSafeEqual(given, client?.secretHash ?? Buffer.alloc(given.length))
  return isRight && client !== undefined
}

function scopesOf(client: ClientPrincipal, asked: string | undefined): string[] {
  const words = asked?.split(' ').filter(Boolean) ?? []
  if (words.length === 0) return [...client.scopes]
  const unknown = words.find((word) => !client.scopes.has(word))
  if (unknown !== undefined) throw refuse('invalid_scope', 400, `This client may not have the scope ${unknown}.`)
  return [...new Set(words)]
}

function credentialsOf({ authorization, clientId, clientSecret }: ClientCredentials): { id: string; secret: string } {
  if (authorization === undefined) {
    if (clientId === undefined || clientSecret === undefined)
      throw refuse('invalid_client', 401, 'Send client id and secret by HTTP Basic or as client_id and client_secret.')
    return { id: clientId, secret: clientSecret }
  }
  const basic = /^basic +([\w+/=-]+) *$/i.exec(authorization)?.[1]
  const text = basic === undefined ? '' : Buffer.from(basic, 'base64').toString()
  const colon = text.indexOf(':')
  if (colon < 1) throw refuse('invalid_client', 401, 'Authorization must be Basic with client id and secret.')
  return { id: formDecode(text.slice(0, colon)), secret: formDecode(text.slice(colon + 1)) }
}

/** RFC 6749 §2.3.1 has both form-encoded; most clients do not, which is the same for the characters we allow. */
function formDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
