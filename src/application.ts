import type { Pool } from 'pg'
import type { Logger } from 'pino'
import { accountRoutes } from './accounts/index.ts'
import { applicationV2Routes } from './applications/index.ts'
import {
  createKeyVisitCounter,
  createManagerDirectory,
  createTouchTokens,
  managerOfUser,
  managerRoutes,
} from './attribution/index.ts'
import { brandRoutes, brandV2Routes, createBrandSeal, createMailBrands } from './branding/index.ts'
import { buylinkRoutes, createDispatcher, createVisitCounter, linkBase, planLinks } from './buylinks/index.ts'
import { chargeRoutes, chargeSubscribers, rateDue } from './charges/index.ts'
import { type CardGateway, cardRoutes, cardSubscriber, checkSilentSessions } from './cards/index.ts'
import { createCatalog, planRoutes } from './catalog/index.ts'
import { configurationRoutes } from './configuration/index.ts'
import type { SellerId, StoreId } from './kernel/ids.ts'
import type { Clock } from './kernel/time.ts'
import { alertOriginOf, tokenOf } from './link/index.ts'
import { balancesOf, ledgerRoutes } from './ledger/index.ts'
import {
  createNotifier,
  createWebhookSender,
  handlerRoutes,
  removeOldDeliveries,
  webhookDocs,
  type WebhookSender,
  webhookRoutes,
} from './notifications/index.ts'
import { offerForCheck, offerRoutes, offerSubscriber } from './offers/index.ts'
import { createPlacingQueue, lifeRoutes, orderJobs, orderRoutes, orderSubscribers } from './orders/index.ts'
import { paymentRoutes } from './payments/index.ts'
import { createAccessTokens } from './platform/auth/access-token.ts'
import { createAuthenticate } from './platform/auth/authenticate.ts'
import { createRevokedTokens } from './platform/auth/revoked-tokens.ts'
import { authRoutes } from './platform/auth/routes.ts'
import { createSessions } from './platform/auth/sessions.ts'
import { createSigningKeys } from './platform/auth/signing-keys.ts'
import { createUserTokens } from './platform/auth/user-tokens.ts'
import { createChanges } from './platform/changes.ts'
import type { Config } from './platform/config.ts'
import type { Db } from './platform/db.ts'
import { createIdempotency } from './platform/http/idempotency.ts'
import type { RequestFacts } from './platform/http/route.ts'
import { createHttpServer, type HttpServer } from './platform/http/server.ts'
import { createAddressReader } from './platform/http/address.ts'
import { createJobs, type Jobs } from './platform/jobs.ts'
import { errorFacts } from './platform/log.ts'
import { createSeal } from './platform/auth/seal.ts'
import { createMailSender } from './platform/mail/mail-sender.ts'
import { mailRoutes } from './platform/mail/routes.ts'
import { createOutboundGuard } from './platform/outbound/guard.ts'
import { createProvisioningSubscriber, createRemoteServices } from './provisioning/index.ts'
import type { Connector } from './provisioning/schema.ts'
import {
  createBuiltinConnector,
  createUsageIntake,
  offeringV2Routes,
  quotaRoutes,
  quotasOf,
  usageV2Routes,
} from './quotas/index.ts'
import { referralRoutes, rewardSubscriber, settleOpenRewards } from './referrals/index.ts'
import { registrationRoutes } from './registration/index.ts'
import { createStoreDirectory, storeRoutes } from './stores/index.ts'
import { subscriptionRoutes, subscriptionSubscriber } from './subscriptions/index.ts'
import { tenantRoutes } from './tenants/index.ts'
import { customUsagesOf, usageRoutes } from './usage/index.ts'
import { treeRoutes } from './tree-routes.ts'
import { auditRoutes, createPrincipalLoaders, disableOverdueUsers } from './users/index.ts'
import type { BuiltPages } from './web/built-pages.ts'
import { createConsoleDemo } from './web/console-demo.ts'
import { createConsoleScript } from './web/console-script.ts'
import { createPanelPages } from './web/panel-pages.ts'
import { SIGN_INS } from './demonstration/index.ts'
import { createUpsell, mintDemoToken } from './upsell/index.ts'
import { createStorePages } from './web/store/pages.ts'
import { createReportPages } from './web/store/report-pages.ts'
import { createStoreTouches } from './web/store/touches.ts'

export interface ApplicationOptions {
  readonly config: Pick<Config, 'publicUrl' | 'trustProxy' | 'smtpUrl' | 'allowInternal'>
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
  /** API clients without rate limit: the benchmarks' own. */
  readonly unlimitedClientIds?: ReadonlySet<string>
}

export interface Application {
  readonly http: HttpServer
  readonly jobs: Jobs
  readonly webhooks: WebhookSender
  /** What the demonstration is loaded with: the very parts that serve. */
  readonly parts: ReturnType<typeof createParts>
  /** Fills the memories and begins to work off jobs. Before `http.listen`. */
  start(): Promise<void>
  /** Finishes what is under way: requests, then jobs, then what is counted in memory. */
  stop(): Promise<void>
}

/** The parts that more than one capability stands on. */
function createParts({ db, pool, clock, connectors = [] }: ApplicationOptions) {
  return {
    catalog: createCatalog(pool),
    stores: createStoreDirectory({ db }),
    managers: createManagerDirectory({ db }),
    queue: createPlacingQueue(pool),
    visits: createVisitCounter(pool, clock),
    keyVisits: createKeyVisitCounter(pool, clock),
    usage: createUsageIntake(db, clock),
    connectors: new Map([createBuiltinConnector(db, clock), ...connectors].map((each) => [each.name, each])),
  }
}

/** Puts the capabilities together: the only place that knows everyone (with `server.ts`, which starts it). */
export async function createApplication(options: ApplicationOptions): Promise<Application> {
  const { config, secret, connectionString, db, pool, clock, log, built, demonstration, cards } = options
  const parts = createParts(options)
  const { catalog, stores, managers, queue, visits, keyVisits, connectors } = parts
  const tokens = createTouchTokens({ secret, clock })
  const keys = createSigningKeys({ db, clock, secret })
  const revoked = createRevokedTokens({ pool, clock })
  const accessTokens = createAccessTokens({ keys, clock, issuer: config.publicUrl, revoked })
  const userTokens = createUserTokens({ keys, clock, issuer: config.publicUrl })
  const sessions = createSessions({ db, pool, clock, secret })
  const loaders = createPrincipalLoaders({ db, managerOfUser })
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
    new Set(stores.listOf(sellerId).flatMap(({ domains }) => domains.map(({ origin }) => new URL(origin).host)))
  const storePages = createStorePages({
    db,
    stores,
    catalog,
    touches: createStoreTouches({ stores, managers, tokens, keyVisits, clock }),
    built,
    demonstration,
    languages: ['en'],
  })
  const panelPages = createPanelPages(built)
  const reportPages = createReportPages({ db, clock, stores, built, demonstration, notFound: storePages.notFound })
  const brandSeal = createBrandSeal(secret)
  const guard = createOutboundGuard(config)
  const remote = createRemoteServices({ db, clock, guard, secret, publicUrl: config.publicUrl })
  connectors.set(remote.connector.name, remote.connector)
  const brandDeps = { seal: brandSeal, guard, publicUrl: config.publicUrl }
  const mail = createMailSender({
    smtpUrl: config.smtpUrl,
    publicUrl: config.publicUrl,
    brands: createMailBrands(brandSeal),
    guard,
  })

  const webhookSeal = createSeal(secret, 'webhook')
  const places = {
    publicUrl: config.publicUrl,
    originOf: (sellerId: SellerId) => stores.listOf(sellerId)[0]?.origin,
  }
  const webhooks = createWebhookSender({ db, clock, guard, seal: webhookSeal, log })

  const jobs = createJobs({
    connectionString,
    db,
    pool,
    clock,
    log,
    subscribers: [
      mail.subscriber,
      createProvisioningSubscriber(connectors),
      subscriptionSubscriber,
      ...orderSubscribers,
      ...chargeSubscribers(catalog),
      rewardSubscriber,
      offerSubscriber,
      upsell.subscriber,
      ...(cards ? [cardSubscriber(cards)] : []),
      createNotifier({ places, wake: webhooks.wake }),
    ],
    scheduled: [
      ...orderJobs({ db, clock, catalog, onError }),
      ...(cards
        ? [{ name: 'check-card-sessions', cron: '*/5 * * * *', run: () => checkSilentSessions(db, clock, cards) }]
        : []),
      { name: 'settle-rewards', cron: '41 * * * *', run: () => settleOpenRewards(db, clock) },
      remote.scheduled,
      { name: 'remove-old-deliveries', cron: '31 2 * * *', run: () => removeOldDeliveries(db, clock.now()) },
      { name: 'rate-usage', cron: '* * * * *', run: async () => void (await rateDue(db, clock, catalog)) },
      { name: 'remove-old-keys', cron: '23 * * * *', run: async () => void (await idempotency.removeOld()) },
      { name: 'remove-revoked-tokens', cron: '31 * * * *', run: async () => void (await revoked.removeExpired()) },
      { name: 'disable-users', cron: '* * * * *', run: async () => void (await disableOverdueUsers(db, clock)) },
      { name: 'remove-expired-sessions', cron: '29 * * * *', run: async () => void (await sessions.removeExpired()) },
    ],
  })

  const http = await createHttpServer({
    routes: [
      ...authRoutes({ keys, accessTokens, loaders, clock, publicUrl: config.publicUrl }),
      ...treeRoutes,
      ...brandV2Routes(brandDeps),
      ...brandRoutes(brandDeps),
      ...registrationRoutes({
        sessions,
        loaders,
        stores,
        managers,
        accountFacts,
        publicUrl: config.publicUrl,
        demonstration,
        mailIsKept,
      }),
      ...accountRoutes(accountFacts),
      ...managerRoutes(),
      ...planRoutes({
        catalog,
        linksOf: (sellerId, plan, currency) => {
          const [store] = stores.listOf(sellerId)
          const links = store && planLinks(linkBase(store), plan, currency)
          return { buyLink: links?.buyNow?.url ?? null, tryLink: links?.tryIt?.url ?? null }
        },
      }),
      ...storeRoutes,
      ...tenantRoutes,
      ...auditRoutes,
      ...configurationRoutes,
      ...buylinkRoutes({ stores, catalog, managers }),
      ...orderRoutes({
        catalog,
        managers,
        queue,
        quotasOf,
        documentsOf,
        storeFor,
      }),
      ...offerRoutes({
        catalog,
        managers,
        queue,
        quotasOf,
        termsUrlOf: (id) => documentsOf(id).termsUrl,
        storeFor,
        returnHosts,
      }),
      ...paymentRoutes(cards ? ['bank_transfer', 'balance', 'card'] : ['bank_transfer', 'balance']),
      ...(cards
        ? cardRoutes(cards, (request) => (stores.resolve(request.host) ? request.origin : config.publicUrl))
        : []),
      ...subscriptionRoutes(quotasOf),
      ...lifeRoutes(quotasOf),
      ...remote.routes,
      ...usageRoutes(parts.usage.report),
      ...quotaRoutes((context, ...refused) =>
        offerForCheck({ ...context, catalog, returnHosts, buyUrlOf }, ...refused),
      ),
      ...upsell.routes,
      ...applicationV2Routes({ publicUrl: config.publicUrl, customUsagesOf }),
      ...offeringV2Routes,
      ...usageV2Routes(parts.usage),
      ...chargeRoutes,
      ...ledgerRoutes,
      ...referralRoutes({ originOf: (sellerId) => stores.listOf(sellerId)[0]?.origin ?? config.publicUrl }),
      ...mailRoutes,
      ...handlerRoutes(places),
      ...webhookRoutes({ guard, seal: webhookSeal, wake: webhooks.wake }),
    ],
    webhooks: webhookDocs(),
    db,
    pool,
    clock,
    config,
    log,
    authenticate,
    crossOrigin: upsell.crossOrigin,
    idempotency,
    frontDoor: createDispatcher({
      stores,
      catalog,
      managers,
      visits,
      keyVisits,
      tokens,
      clock,
      renderProblems: storePages.renderProblems,
      addressOf: createAddressReader(config.trustProxy),
      onError,
    }),
    pages: {
      plugin: async (app) => {
        await app.register(upsell.pages)
        await app.register(createConsoleScript(built))
        if (demonstration) await app.register(createConsoleDemo(() => mintDemoToken(db, userTokens, SIGN_INS.customer)))
        await app.register(panelPages)
        await app.register(storePages.plugin)
        await app.register(reportPages)
      },
      notFound: storePages.notFound,
      failed: storePages.failed,
    },
    afterWrite: jobs.wake,
    ...(options.unlimitedClientIds && { unlimitedClientIds: options.unlimitedClientIds }),
  })

  let flushing: NodeJS.Timeout | undefined
  return {
    http,
    jobs,
    webhooks,
    parts,
    async start() {
      changes.subscribe(() => stores.refresh())
      changes.subscribe(() => managers.refresh())
      changes.subscribe(() => upsell.refresh())
      changes.subscribe(() => catalog.refreshChanged())
      if (options.isAlone) await idempotency.freeAbandoned()
      await changes.start()
      upsell.start()
      await jobs.start()
      webhooks.start()
      flushing = setInterval(() => {
        visits.flush().catch(onError)
        keyVisits.flush().catch(onError)
      }, 2_000)
    },
    async stop() {
      await upsell.close()
      await http.close()
      clearInterval(flushing)
      await jobs.stop()
      await webhooks.stop()
      mail.close()
      await queue.idle()
      await parts.usage.idle()
      await visits.flush().catch(onError)
      await keyVisits.flush().catch(onError)
      await changes.close()
    },
  }
}
