import type { FastifyPluginAsync } from 'fastify'
import type { Pool } from 'pg'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Authenticate } from '../platform/auth/authenticate.ts'
import type { UserTokens } from '../platform/auth/user-tokens.ts'
import type { Db } from '../platform/db.ts'
import type { Subscriber } from '../platform/events/subscriber.ts'
import type { AnyRoute } from '../platform/http/route.ts'
import type { StoreDirectory } from '../stores/index.ts'
import { createAlertStream } from './alert-stream.ts'
import { consoleRoutes } from './console-routes.ts'
import { createOriginList, type OriginList } from './origin-list.ts'
import { createIsOwnUpgrade } from './own-upgrade.ts'
import { createQuotaMails } from './quota-mails.ts'
import { createReadUser } from './read-user.ts'
import { createShownCounter } from './shown.ts'
import { upsellRoutes } from './routes.ts'
import { createStopLinks, type StopLinks } from './stop-mails.ts'
import { allowedOrigins } from './store.ts'

export interface Upsell {
  readonly routes: readonly AnyRoute[]
  readonly subscriber: Subscriber
  /** The stream of alerts. */
  readonly pages: FastifyPluginAsync
  readonly stopLinks: StopLinks
  readonly crossOrigin: OriginList['headersFor']
  /** Hosts (with port) of the consoles that a seller embeds alerts in. */
  consoleHostsOf(sellerId: SellerId): Promise<readonly string[]>
  /** Reads again who may ask from other origins. */
  refresh(): Promise<void>
  start(): void
  /** Writes where links were shown. */
  flush(): Promise<void>
  close(): Promise<void>
}

/** All of the upsell that serves: one for a server. */
export function createUpsell(options: {
  readonly db: Db
  readonly pool: Pool
  readonly clock: Clock
  readonly secret: string
  readonly stores: Pick<StoreDirectory, 'resolve' | 'listOf'>
  readonly config: { readonly publicUrl: string }
  readonly authenticate: Authenticate
  readonly userTokens: UserTokens
  readonly onError: (error: unknown) => void
}): Upsell {
  const { db, stores, config, userTokens } = options
  const isOwnUpgrade = createIsOwnUpgrade(stores, config.publicUrl)
  const stopLinks = createStopLinks(options)
  const originOf = (sellerId: SellerId) => stores.listOf(sellerId)[0]?.origin ?? config.publicUrl
  const origins = createOriginList(db)
  const shown = createShownCounter(options.pool, options.clock)
  const stream = createAlertStream({ ...options, isOwnUpgrade })
  return {
    routes: [
      ...upsellRoutes(isOwnUpgrade, createReadUser(db, isOwnUpgrade), shown),
      ...consoleRoutes(userTokens, isOwnUpgrade),
    ],
    subscriber: createQuotaMails({
      isOwnUpgrade,
      stopUrlOf: (sellerId, userId) => originOf(sellerId) + stopLinks.pathOf(sellerId, userId),
      poolUrlOf: (sellerId, tenantId) => `${originOf(sellerId)}/portal/tenants/${tenantId}/usage`,
      shown,
    }),
    pages: stream.plugin,
    stopLinks,
    crossOrigin: origins.headersFor,
    consoleHostsOf: async (sellerId) =>
      (await allowedOrigins(db, sellerId as string)).map((origin) => new URL(origin).host),
    refresh: origins.refresh,
    start: stream.start,
    flush: shown.flush,
    close: stream.close,
  }
}
