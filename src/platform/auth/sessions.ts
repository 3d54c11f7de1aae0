import type { Pool } from 'pg'
import type { SellerId, UserId } from '../../kernel/ids.ts'
import { addDays, type Clock, HOUR_MS } from '../../kernel/time.ts'
import type { Db, Tx } from '../db.ts'
import type { ReplyFacts, RequestFacts } from '../http/route.ts'
import { createBriefCache } from './brief-cache.ts'
import { sessionCookieName } from './cookies.ts'
import { createCsrf } from './csrf.ts'
import { createKnownBrowsers } from './known-browsers.ts'
import { newToken, sha256 } from './tokens.ts'

/** A browser stays signed in this long after its last visit. */
export const SESSION_DAYS = 30
/** A visit is written down at most this often. */
const TOUCH_MS = HOUR_MS
const CACHE_MS = 1000

export interface Session {
  /** The cookie's value. Never logged, never stored. */
  readonly token: string
  readonly sellerId: SellerId
  readonly userId: UserId
  readonly expiresAt: Date
  readonly lastSeenAt: Date
}

/** What of a route's context starting and ending a session needs; `db` may be the operation's transaction. */
export interface SessionContext {
  readonly db: Db | Tx
  readonly clock: Clock
  readonly request: Pick<RequestFacts, 'cookies' | 'origin'>
  readonly reply: Pick<ReplyFacts, 'setCookie' | 'clearCookie'>
}

export interface StartedSession {
  readonly csrfToken: string
  /** This user has signed in with this browser before. */
  readonly isKnownBrowser: boolean
}

export interface Sessions {
  /** Signs the browser in: a new token (so that a planted one is worth nothing); the old session ends. */
  start(
    context: SessionContext,
    user: { readonly sellerId: SellerId; readonly userId: UserId },
  ): Promise<StartedSession>
  /** Signs the browser out; without a session it does nothing. */
  end(context: SessionContext): Promise<void>
  /** Signs a user out everywhere, but for the browser that asks when `keepToken` is its token. */
  endAllOf(
    db: Db | Tx,
    user: { readonly sellerId: SellerId; readonly userId: UserId },
    keepToken?: string,
  ): Promise<void>
  /** The session that a request's cookie names, if it lives. */
  find(request: Pick<RequestFacts, 'cookies' | 'origin'>): Promise<Session | undefined>
  /** Prolongs a session that is used, about once an hour. */
  touch(session: Session, context: Omit<SessionContext, 'db'>): Promise<void>
  /** What the page sends with each change; null without a session cookie. */
  csrfTokenOf(request: Pick<RequestFacts, 'cookies' | 'origin'>): string | null
  /** @throws {BuylinkError} `csrf_failed`. */
  checkCsrf(session: Session, header: string | undefined): void
  /** Removes sessions that have run out. @returns How many. */
  removeExpired(): Promise<number>
}

const tokenOf = ({ cookies, origin }: Pick<RequestFacts, 'cookies' | 'origin'>): string | undefined =>
  cookies[sessionCookieName(origin)]

export function createSessions(options: {
  readonly db: Db
  readonly pool: Pool
  readonly clock: Clock
  readonly secret: string
}): Sessions {
  const csrf = createCsrf(options.secret)
  const browsers = createKnownBrowsers(options.secret)
  const cache = createBriefCache<Session>(CACHE_MS)
  const maxAgeSeconds = SESSION_DAYS * 86_400

  async function load(token: string): Promise<Session | undefined> {
    const { rows } = await options.pool.query<Omit<Session, 'token'>>({
      name: 'find-session',
      text: `select seller_id as "sellerId", user_id as "userId", expires_at as "expiresAt", last_seen_at as "lastSeenAt"
               from sessions where token_hash = $1`,
      values: [sha256(token)],
    })
    return rows[0] && { token, ...rows[0] }
  }

  async function remove(db: Db | Tx, token: string): Promise<void> {
    await db.deleteFrom('sessions').where('token_hash', '=', sha256(token)).execute()
    cache.forget(token)
  }

  return {
    async start({ db, clock, request, reply }, { sellerId, userId }) {
      const former = tokenOf(request)
      if (former !== undefined) await remove(db, former)
      const token = newToken()
      const now = clock.now()
      await db
        .insertInto('sessions')
        .values({
          token_hash: sha256(token),
          seller_id: sellerId,
          user_id: userId,
          created_at: now,
          expires_at: addDays(now, SESSION_DAYS),
          last_seen_at: now,
        })
        .execute()
      reply.setCookie(sessionCookieName(request.origin), token, { maxAgeSeconds })
      return {
        csrfToken: csrf.tokenFor(token),
        isKnownBrowser: browsers.remember({ request, reply }, { sellerId, userId }),
      }
    },

    async end({ db, request, reply }) {
      const token = tokenOf(request)
      if (token === undefined) return
      await remove(db, token)
      reply.clearCookie(sessionCookieName(request.origin))
    },

    async endAllOf(db, { sellerId, userId }, keepToken) {
      const ended = db.deleteFrom('sessions').where('seller_id', '=', sellerId).where('user_id', '=', userId)
      await (keepToken === undefined ? ended : ended.where('token_hash', '!=', sha256(keepToken))).execute()
      cache.clear()
    },

    async find(request) {
      const token = tokenOf(request)
      if (token === undefined || token.length > 100) return undefined
      const session = await cache.get(token, () => load(token))
      return session && session.expiresAt > options.clock.now() ? session : undefined
    },

    async touch(session, { clock, request, reply }) {
      const now = clock.now()
      if (now.getTime() - session.lastSeenAt.getTime() < TOUCH_MS) return
      await options.db
        .updateTable('sessions')
        .set({ last_seen_at: now, expires_at: addDays(now, SESSION_DAYS) })
        .where('token_hash', '=', sha256(session.token))
        .execute()
      cache.forget(session.token)
      reply.setCookie(sessionCookieName(request.origin), session.token, { maxAgeSeconds })
    },

    csrfTokenOf(request) {
      const token = tokenOf(request)
      return token === undefined ? null : csrf.tokenFor(token)
    },

    checkCsrf: (session, header) => csrf.check(session.token, header),

    async removeExpired() {
      const { numDeletedRows } = await options.db
        .deleteFrom('sessions')
        .where('expires_at', '<', options.clock.now())
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
