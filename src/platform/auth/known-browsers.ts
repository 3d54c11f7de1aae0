import { createHmac } from 'node:crypto'
import type { SellerId, UserId } from '../../kernel/ids.ts'
import type { ReplyFacts, RequestFacts } from '../http/route.ts'
import { deriveKey } from './derive-key.ts'

/** Browsers give up cookies after this long at the latest. */
const DAYS = 400
/** People who share a browser; the one who signed in longest ago is forgotten first. */
const MOST = 8

export interface KnownBrowsers {
  /** Notes in the browser that this user has signed in with it. @returns Whether it knew already. */
  remember(
    context: {
      readonly request: Pick<RequestFacts, 'cookies' | 'origin'>
      readonly reply: Pick<ReplyFacts, 'setCookie'>
    },
    user: { readonly sellerId: SellerId; readonly userId: UserId },
  ): boolean
}

const cookieName = (origin: string): string =>
  origin.startsWith('https:') ? '__Host-buylink_browser' : 'buylink_browser'

/**
 * Tells a sign-in from a new browser (OWASP ASVS 2.2.3) without keeping anything about browsers or addresses: the cookie
 * holds a tag for each user, which nobody without the secret can make, and which opens nothing.
 */
export function createKnownBrowsers(secret: string): KnownBrowsers {
  const key = deriveKey(secret, 'known-browsers')
  return {
    remember({ request, reply }, { sellerId, userId }) {
      const tag = createHmac('sha256', key).update(`${sellerId} ${userId}`).digest('base64url').slice(0, 22)
      const name = cookieName(request.origin)
      const tags = (request.cookies[name] ?? '').split('.').filter((known) => known.length === tag.length)
      const others = tags.filter((known) => known !== tag).slice(0, MOST - 1)
      reply.setCookie(name, [tag, ...others].join('.'), { maxAgeSeconds: DAYS * 86_400 })
      return tags.includes(tag)
    },
  }
}
