import type { CookieOptions } from '../http/route.ts'

/** The session's cookie: on https a `__Host-` one, which no other host and no plain connection can plant (RFC 6265bis). */
export const sessionCookieName = (origin: string): string =>
  origin.startsWith('https:') ? '__Host-buylink_session' : 'buylink_session'

/** `a=1; b=2` as sent by a browser. Of two cookies with one name the first counts, as it has the longer path. */
export function parseCookies(header: string | undefined): Record<string, string | undefined> {
  const cookies: Record<string, string | undefined> = Object.create(null)
  if (header === undefined) return cookies
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals < 1) continue
    const name = pair.slice(0, equals).trim()
    if (name === '' || name in cookies) continue
    cookies[name] = decode(pair.slice(equals + 1).trim())
  }
  return cookies
}

function decode(value: string): string {
  const text = value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A `Set-Cookie` header: host-only, `SameSite=Lax`, `HttpOnly` unless said, `Secure` on https. */
export function formatCookie(name: string, value: string, origin: string, options: CookieOptions = {}): string {
  const parts = [`${name}=${encodeURIComponent(value)}`, `Path=${options.path ?? '/'}`]
  if (options.maxAgeSeconds !== undefined) parts.push(`Max-Age=${Math.max(0, Math.trunc(options.maxAgeSeconds))}`)
  if (options.httpOnly !== false) parts.push('HttpOnly')
  if (origin.startsWith('https:')) parts.push('Secure')
  parts.push('SameSite=Lax')
  return parts.join('; ')
}
