import type { CookieOptions } from '../platform/http/route.ts'
import { decideTouch, formatTouch, lifeSeconds, MANAGER_COOKIE, type Touch, type Visit } from './rules.ts'

/** For answers that go through a route. */
export const managerCookieOptions = (touch: Touch, now: Date): CookieOptions => ({
  maxAgeSeconds: lifeSeconds(touch, now),
  path: '/',
})

/**
 * The whole `Set-Cookie` of a visit with a key, for answers that do not go through a route (dispatcher, store pages).
 *
 * @param visit `secure`: the visitor came by https.
 * @returns null: leave the cookie alone.
 */
export function managerCookieHeader(visit: Visit & { readonly secure: boolean; readonly now: Date }): string | null {
  const touch = decideTouch(visit)
  if (touch === null) return null
  // Host-only: no Domain. Nothing in a touch needs quoting.
  return `${MANAGER_COOKIE}=${formatTouch(touch)}; Max-Age=${lifeSeconds(touch, visit.now)}; Path=/; HttpOnly; SameSite=Lax${visit.secure ? '; Secure' : ''}`
}
