import { BuylinkError } from '../../kernel/errors.ts'
import type { CorrelationId } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Actor } from '../actor.ts'
import type { ReplyFacts, RequestFacts } from '../http/route.ts'
import type { AccessTokens } from './access-token.ts'
import { createBriefCache } from './brief-cache.ts'
import { checkSource, isSafeMethod } from './csrf.ts'
import type { ClientPrincipal, PrincipalLoaders, UserPrincipal } from './principals.ts'
import type { Sessions } from './sessions.ts'
import type { UserTokens } from './user-tokens.ts'

const CACHE_MS = 1000

/** What of a request tells who sends it. Header values as received. */
export interface Credentials {
  readonly method: string
  readonly correlationId: CorrelationId
  readonly request: Pick<RequestFacts, 'cookies' | 'origin'>
  readonly reply: Pick<ReplyFacts, 'setCookie' | 'clearCookie'>
  readonly authorization: string | undefined
  readonly csrfToken: string | undefined
  /** The Host that was asked, with port. */
  readonly hostAndPort: string
  readonly originHeader: string | undefined
  readonly secFetchSite: string | undefined
}

/**
 * Who calls. A bearer token decides where there is one; else the session cookie; else nobody is signed in.
 *
 * @throws {BuylinkError} `unauthenticated` for a bad or expired token; `csrf_failed` for a change that a session's page
 *   did not sign or that another site's page asks for.
 */
export type Authenticate = (credentials: Credentials) => Promise<Actor>

export function createAuthenticate(options: {
  readonly loaders: PrincipalLoaders
  readonly sessions: Sessions
  readonly accessTokens: AccessTokens
  readonly userTokens?: UserTokens
  readonly clock: Clock
}): Authenticate {
  const { loaders, sessions, accessTokens, userTokens, clock } = options
  const users = createBriefCache<UserPrincipal>(CACHE_MS)
  const clients = createBriefCache<ClientPrincipal>(CACHE_MS)

  async function byUserToken(tokens: UserTokens, token: string, credentials: Credentials): Promise<Actor> {
    const { sellerId, userId, origins } = await tokens.verify(token)
    const { originHeader: origin, hostAndPort, correlationId } = credentials
    const isOwn = origin === undefined || (URL.canParse(origin) && new URL(origin).host === hostAndPort)
    if (!isOwn && !origins.includes(origin))
      throw new BuylinkError('unauthenticated', 'This user token is not for pages of this origin.')
    const user = await users.get(`${sellerId} ${userId}`, () => loaders.loadUserPrincipal(sellerId, userId))
    if (!user) throw new BuylinkError('unauthenticated', 'This user is disabled.')
    return {
      kind: 'api_client',
      id: `user-token:${userId}`,
      forUserId: userId,
      tenantId: user.tenantId,
      sellerId,
      path: user.path,
      scopes: new Set(['alerts:read']),
      roles: [],
      onlyManagerId: null,
      correlationId,
    }
  }

  async function byToken(authorization: string, credentials: Credentials): Promise<Actor> {
    const { correlationId } = credentials
    const token = /^bearer +([\w.~+/=-]+) *$/i.exec(authorization)?.[1]
    if (token === undefined) throw new BuylinkError('unauthenticated', 'Send "Authorization: Bearer <access token>".')
    if (userTokens?.isOne(token)) return byUserToken(userTokens, token, credentials)
    const { clientId, scopes } = await accessTokens.verify(token)
    const client = await clients.get(clientId, () => loaders.loadClient(clientId))
    if (!client?.enabled) throw new BuylinkError('unauthenticated', 'This API client is disabled.')
    return {
      kind: 'api_client',
      id: clientId,
      tenantId: client.tenantId,
      sellerId: client.sellerId,
      path: client.path,
      // A scope taken from the client counts at once, though the token still names it.
      scopes: new Set([...scopes].filter((scope) => client.scopes.has(scope))),
      roles: [client.role],
      onlyManagerId: null,
      correlationId,
    }
  }

  async function bySession(credentials: Credentials): Promise<Actor | undefined> {
    const session = await sessions.find(credentials.request)
    if (!session) return undefined
    const { sellerId, userId } = session
    const user = await users.get(`${sellerId} ${userId}`, () => loaders.loadUserPrincipal(sellerId, userId))
    if (!user) return undefined
    if (!isSafeMethod(credentials.method)) sessions.checkCsrf(session, credentials.csrfToken)
    await sessions.touch(session, { clock, request: credentials.request, reply: credentials.reply })
    return { kind: 'user', id: userId, ...user, correlationId: credentials.correlationId }
  }

  return async (credentials) => {
    const { authorization, correlationId } = credentials
    // Only the token endpoint takes Basic, and reads it itself.
    if (authorization !== undefined && /^basic /i.test(authorization)) return { kind: 'anonymous', correlationId }
    // A token cannot be made to be sent by another site's page: what follows is about cookies.
    if (authorization !== undefined) return byToken(authorization, credentials)
    checkSource({
      method: credentials.method,
      host: credentials.hostAndPort,
      origin: credentials.originHeader,
      secFetchSite: credentials.secFetchSite,
    })
    return (await bySession(credentials)) ?? { kind: 'anonymous', correlationId }
  }
}
