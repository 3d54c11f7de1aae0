import { z } from 'zod'
import { BuylinkError } from '../../kernel/errors.ts'
import type { Actor } from '../actor.ts'
import { type AnyRoute, route } from '../http/route.ts'
import type { AccessTokenClaims, AccessTokens } from './access-token.ts'
import { authenticateClient, type ClientCredentials, refuse } from './client-credentials.ts'
import { renderOauthError } from './oauth-error.ts'
import type { PrincipalLoaders } from './principals.ts'

const text = z.string().max(10_000).optional()
const input = z.looseObject({ token: text, tokenTypeHint: text, clientId: text, clientSecret: text })

interface Services {
  readonly accessTokens: AccessTokens
  readonly loaders: Pick<PrincipalLoaders, 'loadClient'>
}

/** What a program does with a token that it has: give it back (RFC 7009), ask whether it is good (RFC 7662). */
export const tokenRoutes = (services: Services): AnyRoute[] => [
  route({
    method: 'POST',
    path: '/api/2/idp/revoke_token',
    scope: null,
    tag: 'idp',
    summary: 'Give back an access token of one’s own before it ends',
    description:
      'Signed in by HTTP Basic, by fields, or by the token itself. What is no token of ours is given back already.',
    form: true,
    limitPerMinute: 120,
    renderError: renderOauthError,
    input,
    output: z.object({}),
    async handle({ actor, request }, { token, tokenTypeHint, ...fields }) {
      const clientId = await callerOf(services, actor, { authorization: request.authorization, ...fields })
      if (token === undefined) throw refuse('invalid_request', 400, 'token is missing.')
      if (tokenTypeHint !== undefined && tokenTypeHint !== 'access_token')
        throw refuse('unsupported_token_type', 400, 'Only access tokens can be given back.')
      const claims = await readToken(services, token)
      if (claims && claims.clientId !== clientId)
        throw refuse('invalid_request', 400, 'This token was given to another client.')
      if (claims) await services.accessTokens.revoke(claims)
      return {}
    },
  }),
  route({
    method: 'POST',
    path: '/api/2/idp/introspect_token',
    scope: null,
    tag: 'idp',
    summary: 'Ask whether an access token is good, and for what',
    description: 'Signed in as for `revoke_token`. Of a token that is not good nothing but `active: false` is told.',
    form: true,
    limitPerMinute: 600,
    renderError: renderOauthError,
    input,
    output: z.looseObject({ active: z.boolean() }),
    async handle({ actor, request }, { token, tokenTypeHint: _hint, ...fields }) {
      await callerOf(services, actor, { authorization: request.authorization, ...fields })
      if (token === undefined) throw refuse('invalid_request', 400, 'token is missing.')
      const claims = await readToken(services, token)
      const client = claims && (await services.loaders.loadClient(claims.clientId))
      return client?.enabled ? { ...claims?.payload, active: true, token_type: 'bearer' } : { active: false }
    },
  }),
]

/** A bearer token has become the actor; else the credentials are read. */
const callerOf = async (services: Services, actor: Actor, credentials: ClientCredentials): Promise<string> =>
  actor.kind === 'api_client' ? actor.id : authenticateClient(services.loaders, credentials)

/** undefined for what is not, or no longer, good. */
async function readToken({ accessTokens }: Services, token: string): Promise<AccessTokenClaims | undefined> {
  try {
    return await accessTokens.verify(token)
  } catch (error) {
    if (error instanceof BuylinkError && error.code === 'unauthenticated') return undefined
    throw error
  }
}
