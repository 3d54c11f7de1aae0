import type { Pool } from 'pg'
import type { Logger } from 'pino'
import { createKeyVisitCounter, createManagerDirectory, createTouchTokens, managerOfUser } from './attribution/index.ts'
import { createBrandSeal, createMailBrands } from './branding/index.ts'
import { createVisitCounter } from './buylinks/index.ts'
import { type CardGateway, createBookingQueue } from './cards/index.ts'
import { createCatalog } from './catalog/index.ts'
import { createAttachments } from './invoices/index.ts'
import type { SellerId, StoreId } from './kernel/ids.ts'
import type { Clock } from './kernel/time.ts'
import { alertOriginOf, tokenOf } from './link/index.ts'
import { balancesOf } from './ledger/index.ts'
import { createWebhookSender } from './notifications/index.ts'
import { createPlacingQueue } from './orders/index.ts'
import { createAccessTokens } from './platform/auth/access-token.ts'
import { createAuthenticate } from './platform/auth/authenticate.ts'
import { createRevokedTokens } from './platform/auth/revoked-tokens.ts'
import { createSessions } from './platform/auth/sessions.ts'
import { createSigningKeys } from './platform/auth/signing-keys.ts'
import { createUserTokens } from './platform/auth/user-tokens.ts'
import { createChanges } from './platform/changes.ts'
import type { Config } from './platform/config.ts'
import type { Db } from './platform/db.ts'
import { createIdempotency } from './platform/http/idempotency.ts'
import type { RequestFacts } from './platform/http/route.ts'
import { errorFacts } from './platform/log.ts'
import { createSeal } from './platform/auth/seal.ts'
import { createSellerClocks } from './platform/seller-clocks.ts'
import { createMailSender } from './platform/mail/mail-sender.ts'
import { createOutboundGuard } from './platform/outbound/guard.ts'
import { createRemoteServices } from './provisioning/index.ts'
import type { Connector } from './provisioning/schema.ts'
import { createPlatforms } from './platforms/index.ts'
import { createBuiltinConnector, createUsageIntake } from './quotas/index.ts'
import { createStoreDirectory } from './stores/index.ts'
import { connectorUseOf } from './subscriptions/index.ts'
import { tellOfSignIn } from './registration/index.ts'
import { createPrincipalLoaders, createSecondFactors } from './users/index.ts'
import type { BuiltPages } from './web/built-pages.ts'
import { createPanelPages } from './web/panel-pages.ts'
import { createUpsell } from './upsell/index.ts'
import { createStorePages } from './web/store/pages.ts'
import { createReportPages } from './web/store/report-pages.ts'
import { createStoreTouches } from './web/store/touches.ts'

export interface ApplicationOptions {
  readonly config: Pick<Config, 'publicUrl' | 'trustProxy' | 'smtpUrl' | 'allowInternal'> &
    Partial<Pick<Config, 'requireSecondFactor'>>
  readonly secret: string
  readonly connectionString: string
  readonly db: Db
  readonly pool: Pool
  readonly clock: Clock
  readonly log: Logger
  readonly built: BuiltPages
  /** Demonstration sign-ins exist. */
  readonly demonstration: boolean
  /** No other server is on this database, so what one was at is abandoned. */
  readonly isAlone?: boolean
  /** Services beside the built-in one. */
  readonly connectors?: readonly Connector[]
  /** Takes cards; without it payments are made by bank transfer and from the balance. */
  readonly cards?: CardGateway | undefined
  /** How many subscriptions or orders a job takes on at a time; what comes out is the same. */
  readonly jobBatch?: number
  /** API clients without rate limit: the benchmarks' own. */
  readonly unlimitedClientIds?: ReadonlySet<string>
}

/** Everything that lives as long as the server and that more than one of its faces stands on. */
export function createParts(options: ApplicationOptions) {
  const {
    config,
    secret,
    db,
    pool,
    clock,
    log,
    built,
    demonstration,
    cards,
    jobBatch,
    connectors: others = [],
  } = options
  const catalog = createCatalog(pool)
  const stores = createStoreDirectory({ db })
  const managers = createManagerDirectory({ db })
  const queue = createPlacingQueue(pool)
  const booking = createBookingQueue(db)
  const visits = createVisitCounter(pool, clock)
  const keyVisits = createKeyVisitCounter(pool, clock)
  const clocks = createSellerClocks({ db, clock })
  const usage = createUsageIntake(db, clock, clocks.of)
  const tokens = createTouchTokens({ secret, clock })
  const keys = createSigningKeys({ db, clock, secret })
  const revoked = createRevokedTokens({ pool, clock })
  const accessTokens = createAccessTokens({ keys, clock, issuer: config.publicUrl, revoked })
  const userTokens = createUserTokens({ keys, clock, issuer: config.publicUrl })
  const sessions = createSessions({ db, pool, clock, secret })
  const loaders = createPrincipalLoaders({
    db,
    managerOfUser,
    requireSecondFactor: config.requireSecondFactor ?? false,
  })
  const secondFactors = createSecondFactors({
    secret,
    issuer: new URL(config.publicUrl).host,
    onChange: (tx, key, change, correlationId, at) =>
      tellOfSignIn(
        tx,
        { stores, publicUrl: config.publicUrl },
        { ...key, correlationId, at },
        `second_factor_${change}`,
      ),
  })
  const idempotency = createIdempotency({ pool, clock, secret })
  const mailIsKept = config.smtpUrl === undefined
  const onError = (error: unknown) => log.error({ error: errorFacts(error) }, 'background work failed')
  const changes = createChanges({ pool, onError })
  const authenticate = createAuthenticate({ loaders, sessions, accessTokens, userTokens, clock })
  const upsell = createUpsell({ db, pool, clock, secret, stores, config, authenticate, userTokens, onError })
  const accountFacts = { balanceOf: balancesOf, managerOf: (id: string) => managers.findById(id) }

  const documentsOf = (storeId: string) => {
    const store = stores.findById(storeId as StoreId)
    return { termsUrl: store?.termsUrl ?? null, privacyUrl: store?.privacyUrl ?? null }
  }
  const storeFor = (request: RequestFacts, sellerId: SellerId): StoreId | undefined => {
    const here = stores.resolve(request.host)
    return here?.sellerId === sellerId ? here.storeId : stores.listOf(sellerId)[0]?.storeId
  }
  const buyUrlOf = (sellerId: SellerId, usageName: string): string | null => {
    const [store] = stores.listOf(sellerId)
    return store
      ? `${store.origin}/upgrade?origin=${alertOriginOf(usageName)}&tenant_quotas=${tokenOf(usageName)}`
      : null
  }
  const returnHosts = async (sellerId: SellerId): Promise<ReadonlySet<string>> =>
    new Set([
      ...stores.listOf(sellerId).flatMap(({ domains }) => domains.map(({ origin }) => new URL(origin).host)),
      ...(await upsell.consoleHostsOf(sellerId)),
      ...(await platforms.hostsOf(sellerId)),
    ])
  const guard = createOutboundGuard(config)
  const platforms = createPlatforms({ db, clock, guard, secret, usage, onError })
  const builtin = platforms.connectorOver(createBuiltinConnector(db, clock, clocks.of))
  const connectors = new Map([builtin, ...others].map((each) => [each.name, each]))
  const storePages = createStorePages({
    db,
    stores,
    catalog,
    clockOf: clocks.of,
    touches: createStoreTouches({ stores, managers, tokens, keyVisits, clock }),
    built,
    demonstration,
    languages: ['en'],
  })
  const panelPages = createPanelPages(built)
  const reportPages = createReportPages({ db, clock, stores, built, demonstration, notFound: storePages.notFound })
  const brandSeal = createBrandSeal(secret)
  const remote = createRemoteServices({ db, clock, guard, secret, publicUrl: config.publicUrl, useOf: connectorUseOf })
  connectors.set(remote.connector.name, remote.connector)
  const brandDeps = { seal: brandSeal, guard, publicUrl: config.publicUrl }
  const mail = createMailSender({
    smtpUrl: config.smtpUrl,
    publicUrl: config.publicUrl,
    brands: createMailBrands(brandSeal),
    guard,
    attach: createAttachments(clock),
  })

  const webhookSeal = createSeal(secret, 'webhook')
  const places = {
    publicUrl: config.publicUrl,
    originOf: (sellerId: SellerId) => stores.listOf(sellerId)[0]?.origin,
  }
  const webhooks = createWebhookSender({ db, clock, guard, seal: webhookSeal, log })

  return {
    db,
    clock,
    clocks,
    config,
    demonstration,
    cards,
    jobBatch,
    catalog,
    stores,
    managers,
    queue,
    visits,
    keyVisits,
    booking,
    usage,
    connectors,
    tokens,
    keys,
    revoked,
    accessTokens,
    userTokens,
    sessions,
    loaders,
    secondFactors,
    idempotency,
    mailIsKept,
    onError,
    changes,
    authenticate,
    upsell,
    accountFacts,
    documentsOf,
    storeFor,
    buyUrlOf,
    returnHosts,
    storePages,
    panelPages,
    reportPages,
    brandSeal,
    guard,
    remote,
    brandDeps,
    mail,
    webhookSeal,
    places,
    platforms,
    webhooks,
  }
}
export type Parts = ReturnType<typeof createParts>
