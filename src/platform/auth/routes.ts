import { z } from 'zod'
import type { Clock } from '../../kernel/time.ts'
import { type AnyRoute, route } from '../http/route.ts'
import type { AccessTokens } from './access-token.ts'
import { issueToken } from './client-credentials.ts'
import { renderOauthError } from './oauth-error.ts'
import type { PrincipalLoaders } from './principals.ts'
import { SIGNING_ALGORITHM, type SigningKeys } from './signing-keys.ts'
import { tokenRoutes } from './token-routes.ts'

const text = z.string().max(2000).optional()

/** The token endpoint and what third parties verify its tokens with. */
export function authRoutes(services: {
  readonly keys: SigningKeys
  readonly accessTokens: AccessTokens
  readonly loaders: Pick<PrincipalLoaders, 'loadClient'>
  readonly clock: Clock
  /** The issuer: our public URL. */
  readonly publicUrl: string
}): AnyRoute[] {
  const { publicUrl } = services
  return [
    ...tokenRoutes(services),
    route({
      method: 'POST',
      path: '/api/2/idp/token',
      scope: null,
      tag: 'idp',
      summary: 'Get an access token for an API client',
      description:
        'OAuth 2 client credentials: id and secret by HTTP Basic or as fields. The token is valid for two hours on both API surfaces.',
      form: true,
      limitPerMinute: 120,
      renderError: renderOauthError,
      // Standards may add fields; RFC 6749 §3.2 has us ignore those we do not know.
      input: z.looseObject({ grantType: text, clientId: text, clientSecret: text, scope: text }),
      output: z.object({
        accessToken: z.string(),
        tokenType: z.literal('bearer'),
        expiresIn: z.int(),
        expiresOn: z.int().meta({ description: 'Unix seconds' }),
        idToken: z.string(),
        scope: z.string(),
      }),
      handle: ({ request, clock }, input) =>
        issueToken({ ...services, now: () => clock.now() }, { authorization: request.authorization, ...input }),
    }),
    route({
      method: 'GET',
      path: '/api/2/idp/jwks',
      scope: null,
      tag: 'idp',
      summary: 'Public keys of the access tokens (JWKS)',
      input: z.object({}),
      output: z.looseObject({ keys: z.array(z.record(z.string(), z.unknown())) }),
      async handle({ reply }) {
        reply.header('cache-control', 'public, max-age=300')
        return services.keys.publicKeys()
      },
    }),
    route({
      method: 'GET',
      path: '/.well-known/openid-configuration',
      scope: null,
      tag: 'idp',
      summary: 'Where the token endpoint and its keys are',
      input: z.object({}),
      output: z.record(z.string(), z.unknown()),
      async handle({ reply }) {
        reply.header('cache-control', 'public, max-age=300')
        return {
          issuer: publicUrl,
          token_endpoint: `${publicUrl}/api/2/idp/token`,
          jwks_uri: `${publicUrl}/api/2/idp/jwks`,
          revocation_endpoint: `${publicUrl}/api/2/idp/revoke_token`,
          introspection_endpoint: `${publicUrl}/api/2/idp/introspect_token`,
          grant_types_supported: ['client_credentials'],
          response_types_supported: ['none'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: [SIGNING_ALGORITHM],
          token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
        }
      },
    }),
  ]
}
