import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  isVisitor,
  judgeKey,
  type KeyVisitCounter,
  MANAGER_COOKIE,
  type ManagerDirectory,
  managerCookieHeader,
  parseTouch,
  TOUCH_PARAMETER,
  type TouchTokens,
  touchOf,
} from '../../attribution/index.ts'
import { linkBase } from '../../buylinks/index.ts'
import type { Clock } from '../../kernel/time.ts'
import { parseCookies } from '../../platform/auth/cookies.ts'
import type { StoreDirectory, StoreEntry } from '../../stores/index.ts'
import type { ProductProps } from './props.ts'

export interface StoreTouchesDeps {
  readonly stores: StoreDirectory
  readonly managers: ManagerDirectory
  readonly tokens: TouchTokens
  readonly keyVisits: KeyVisitCounter
  readonly clock: Clock
}

export interface StoreTouches {
  /**
   * Takes a manager's key, or a token for one, out of the query of a page and puts it into the cookie.
   *
   * @returns false: there was neither.
   */
  take(request: FastifyRequest, reply: FastifyReply, store: StoreEntry, query: URLSearchParams): boolean
  /**
   * Puts this visitor's touch behind a buy-link, where the store's links lead to another domain of the reseller, which
   * cannot read this one's cookie; undefined where there is nothing to pass on.
   */
  passOn(request: FastifyRequest, store: StoreEntry): ((url: string) => string) | undefined
}

/** What store pages do about attribution (spec/buy-links.md "Attribution"). */
export function createStoreTouches({ stores, managers, tokens, keyVisits, clock }: StoreTouchesDeps): StoreTouches {
  const existingOf = (request: FastifyRequest) =>
    parseTouch(parseCookies(request.headers.cookie)[MANAGER_COOKIE], clock.now())
  const managerOf = (key: string, { sellerPath }: StoreEntry) => {
    const decision = judgeKey({ manager: managers.findByKey(key), key, sellerPath })
    return decision.kind === 'link' ? decision.managerId : null
  }

  function countVisit(request: FastifyRequest, store: StoreEntry, key: string, cookieKey: string | null): void {
    const managerId = managerOf(key, store)
    if (managerId === null || request.method !== 'GET' || !isVisitor(request.headers)) return
    const { sellerId, storeId } = store
    const userAgent = request.headers['user-agent'] ?? ''
    keyVisits.count({ sellerId, storeId, managerId, key, cookieKey, address: request.ip, userAgent })
  }

  return {
    take(request, reply, store, query) {
      const [key, token] = [query.get('manager_key'), query.get(TOUCH_PARAMETER)]
      if (key === null && token === null) return false
      const now = clock.now()
      const existing = existingOf(request)
      const own = touchOf(key, 'store_page', now)
      const incoming = own ?? (token === null ? null : tokens.read(store.sellerId, token))
      const visit = { incoming, existing, sellerPath: store.sellerPath, directory: managers }
      const cookie = managerCookieHeader({ ...visit, secure: request.protocol === 'https', now })
      if (cookie) reply.header('set-cookie', cookie)
      if (own) countVisit(request, store, own.key, existing?.key ?? null)
      query.delete('manager_key')
      query.delete(TOUCH_PARAMETER)
      return true
    },
    passOn(request, store) {
      const target = URL.parse(linkBase(store))
      if (!target || target.hostname === store.host) return undefined
      if (stores.resolve(target.hostname)?.sellerId !== store.sellerId) return undefined
      const touch = existingOf(request)
      if (!touch || managerOf(touch.key, store) === null) return undefined
      return (url) => `${url}&${TOUCH_PARAMETER}=${tokens.issue(store.sellerId, touch)}`
    },
  }
}

/** A product page whose buy-links go through `passOn`. */
export const withLinks = (page: ProductProps, passOn: (url: string) => string): ProductProps => ({
  ...page,
  plans: page.plans.map((plan) => ({
    ...plan,
    tryLink: plan.tryLink && { ...plan.tryLink, url: passOn(plan.tryLink.url) },
    periods: plan.periods.map((period) => ({ ...period, buyLink: passOn(period.buyLink) })),
  })),
})
