import type { CookieOptions } from '../platform/http/route.ts'
import { decideManagerCookie, MANAGER_COOKIE, MANAGER_COOKIE_MAX_AGE_SECONDS } from './rules.ts'

export const MANAGER_COOKIE_OPTIONS: CookieOptions = { maxAgeSeconds: MANAGER_COOKIE_MAX_AGE_SECONDS, path: '/' }

/**
 * The whole `Set-Cookie` of a visit with a key, for answers that do not go through a route (dispatcher, store pages).
 *
 * @param visit `secure`: the visitor came by https.
 * @returns null: leave the cookie alone.
 */
export function managerCookieHeader(
  visit: Parameters<typeof decideManagerCookie>[0] & { readonly secure: boolean },
): string | null {
  const key = decideManagerCookie(visit)
  if (key === null) return null
  // Host-only: no Domain. The key's characters need no quoting.
  return `${MANAGER_COOKIE}=${key}; Max-Age=${MANAGER_COOKIE_MAX_AGE_SECONDS}; Path=/; HttpOnly; SameSite=Lax${visit.secure ? '; Secure' : ''}`
}
