import { createDispatcher } from './buylinks/index.ts'
import { webhookDocs, type WebhookSender } from './notifications/index.ts'
import { createHttpServer, type HttpServer } from './platform/http/server.ts'
import { createAddressReader } from './platform/http/address.ts'
import { createJobs, type Jobs } from './platform/jobs.ts'
import { createConsoleDemo } from './web/console-demo.ts'
import { createConsoleScript } from './web/console-script.ts'
import { createStopMailsPages } from './web/store/stop-mails-pages.ts'
import { SIGN_INS } from './demonstration/index.ts'
import { mintDemoToken } from './upsell/index.ts'
import { makeUsagePartitions } from './usage/index.ts'
import { type ApplicationOptions, createParts, type Parts } from './application-parts.ts'
import { routesOf } from './application-routes.ts'
import { workOf } from './application-jobs.ts'

export interface Application {
  readonly http: HttpServer
  readonly jobs: Jobs
  readonly webhooks: WebhookSender
  /** What the demonstration is loaded with: the very parts that serve. */
  readonly parts: Parts
  /** Fills the memories and begins to work off jobs. Before `http.listen`. */
  start(): Promise<void>
  /** Finishes what is under way: requests, then jobs, then what is counted in memory. */
  stop(): Promise<void>
}

/** Puts the capabilities together: the only place that knows everyone (with `server.ts`, which starts it). */
export async function createApplication(options: ApplicationOptions): Promise<Application> {
  const { connectionString, pool, log, built } = options
  const parts = createParts(options)
  const {
    db,
    clock,
    config,
    demonstration,
    catalog,
    stores,
    managers,
    queue,
    visits,
    keyVisits,
    tokens,
    userTokens,
    idempotency,
    onError,
    changes,
    authenticate,
    upsell,
    storePages,
    panelPages,
    reportPages,
    mail,
    webhooks,
  } = parts
  const jobs = createJobs({
    connectionString,
    db,
    pool,
    clock,
    clockOf: parts.clocks.of,
    log,
    ...workOf(parts),
  })

  const http = await createHttpServer({
    routes: routesOf(parts),
    webhooks: webhookDocs(),
    db,
    pool,
    clock,
    clockOf: parts.clocks.of,
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
        await app.register(createStopMailsPages({ links: upsell.stopLinks, stores, built, demonstration }))
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
      await parts.clocks.refresh()
      changes.subscribe(() => parts.clocks.refresh())
      changes.subscribe(() => stores.refresh())
      changes.subscribe(() => managers.refresh())
      changes.subscribe(() => upsell.refresh())
      changes.subscribe(() => catalog.refreshChanged())
      if (options.isAlone) await idempotency.freeAbandoned()
      await changes.start()
      upsell.start()
      await makeUsagePartitions(db, clock).catch(onError)
      await jobs.start()
      webhooks.start()
      flushing = setInterval(() => {
        visits.flush().catch(onError)
        keyVisits.flush().catch(onError)
        upsell.flush().catch(onError)
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
      await parts.booking.idle()
      await parts.usage.idle()
      await visits.flush().catch(onError)
      await keyVisits.flush().catch(onError)
      await upsell.flush().catch(onError)
      await changes.close()
    },
  }
}
