import type { ErrorAnswer, Failure } from '../http/route.ts'

/** RFC 6749 §5.2: `{"error": "invalid_client", "error_description": …}`. */
export function renderOauthError({ error }: Failure): ErrorAnswer {
  const name = error.extra['oauthError']
  const fallback =
    error.status >= 500 ? 'server_error' : error.status === 429 ? 'temporarily_unavailable' : 'invalid_request'
  const seconds = error.extra['retryAfterSeconds']
  return {
    status: error.status,
    headers: {
      ...(error.status === 401 && { 'www-authenticate': 'Basic realm="Buylink"' }),
      ...(typeof seconds === 'number' && { 'retry-after': String(seconds) }),
    },
    body: { error: typeof name === 'string' ? name : fallback, error_description: error.message },
  }
}
