import { ApiError } from './errors.ts'
import { type HttpOptions, send } from './http.ts'

/** What an API client signs in with (OAuth 2 client credentials). */
export interface Credentials {
  readonly clientId: string
  readonly clientSecret: string
}

/**
 * Makes a function that gives a bearer token, asking `POST /api/2/idp/token` when there is none or it is about to end.
 * Callers at the same time share one request.
 */
export function tokenSource(
  http: HttpOptions,
  credentials: Credentials,
  now: () => number = Date.now,
): () => Promise<string> {
  let current: { readonly token: Promise<string>; endsAtMs: number } | undefined
  return () => {
    if (current && now() < current.endsAtMs) return current.token
    const asked = { token: ask(), endsAtMs: Number.POSITIVE_INFINITY }
    current = asked
    return asked.token

    async function ask(): Promise<string> {
      try {
        const { token, lifetimeMs } = await requestToken(http, credentials)
        asked.endsAtMs = now() + lifetimeMs - 30_000 // so that no token ends on its way
        return token
      } catch (error) {
        current = undefined // the next caller tries again
        throw error
      }
    }
  }
}

async function requestToken(http: HttpOptions, { clientId, clientSecret }: Credentials) {
  const answer = await send(http, {
    method: 'POST',
    path: '/api/2/idp/token',
    headers: { authorization: `Basic ${base64(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  if (
    typeof answer !== 'object' ||
    answer === null ||
    !('access_token' in answer) ||
    typeof answer.access_token !== 'string'
  )
    throw new ApiError(200, 'unexpected_answer', 'The server gave no access token.')
  // RFC 6749 §5.1 has `expires_in` in seconds; the compatible API has `expires_on`, an instant in seconds.
  const seconds =
    'expires_in' in answer && typeof answer.expires_in === 'number'
      ? answer.expires_in
      : 'expires_on' in answer && typeof answer.expires_on === 'number'
        ? answer.expires_on - Date.now() / 1000
        : 0
  return { token: answer.access_token, lifetimeMs: seconds * 1000 }
}

/** Base64 of the UTF-8 bytes; `btoa` alone takes Latin-1 only. */
const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
