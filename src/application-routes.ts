import { accountRoutes } from './accounts/index.ts'
import { applicationV2Routes } from './applications/index.ts'
import { managerRoutes } from './attribution/index.ts'
import { brandRoutes, brandV2Routes } from './branding/index.ts'
import { buylinkRoutes, linkBase, planLinks } from './buylinks/index.ts'
import { chargeRoutes } from './charges/index.ts'
import { cardRoutes } from './cards/index.ts'
import { planRoutes } from './catalog/index.ts'
import { accountExportRoutes, configurationRoutes } from './configuration/index.ts'
import { costStatementRoutes } from './cost-statements/index.ts'
import { invoiceRoutes, statementRoutes } from './invoices/index.ts'
import { dunningRoutes } from './dunning/index.ts'
import { ledgerRoutes } from './ledger/index.ts'
import { handlerRoutes, webhookRoutes } from './notifications/index.ts'
import { offerForCheck, offerRoutes } from './offers/index.ts'
import { lifeRoutes, orderRoutes, priceChangeRoutes } from './orders/index.ts'
import { paymentRoutes } from './payments/index.ts'
import { authRoutes } from './platform/auth/routes.ts'
import { operationRoutes } from './operations/index.ts'
import { VERSION } from './platform/version.ts'
import { mailRoutes } from './platform/mail/routes.ts'
import { isUsageInUse, offeringV2Routes, quotaRoutes, quotasOf, usageV2Routes } from './quotas/index.ts'
import { referralRoutes } from './referrals/index.ts'
import { refundRoutes } from './refunds/index.ts'
import { registrationRoutes } from './registration/index.ts'
import { reviewRoutes } from './reviews/index.ts'
import { storeRoutes } from './stores/index.ts'
import { subscriptionRoutes } from './subscriptions/index.ts'
import { tenantRoutes } from './tenants/index.ts'
import { testClockRoutes } from './test-clocks/index.ts'
import { customUsagesOf, usageRoutes, usageTypeRoutes } from './usage/index.ts'
import { treeRoutes } from './tree-routes.ts'
import { auditRoutes, secondFactorRoutes } from './users/index.ts'
import type { Parts } from './application-parts.ts'
import type { AnyRoute } from './platform/http/route.ts'

/** Every route of both API surfaces. */
export function routesOf(parts: Parts): AnyRoute[] {
  const {
    clock,
    config,
    demonstration,
    cards,
    catalog,
    stores,
    managers,
    queue,
    keys,
    accessTokens,
    sessions,
    loaders,
    secondFactors,
    mailIsKept,
    accountFacts,
    documentsOf,
    storeFor,
    buyUrlOf,
    returnHosts,
    guard,
    brandDeps,
    webhookSeal,
    places,
    webhooks,
    remote,
    upsell,
    platforms,
  } = parts
  return [
    ...authRoutes({ keys, accessTokens, loaders, clock, publicUrl: config.publicUrl }),
    ...treeRoutes,
    ...brandV2Routes(brandDeps),
    ...brandRoutes(brandDeps),
    ...registrationRoutes({
      sessions,
      loaders,
      secondFactors,
      stores,
      managers,
      accountFacts,
      publicUrl: config.publicUrl,
      demonstration,
      takesCards: cards !== undefined,
      mailIsKept,
    }),
    ...secondFactorRoutes(secondFactors, sessions),
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
    ...accountExportRoutes(accountFacts),
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
      ? cardRoutes({
          gateway: cards,
          booking: parts.booking,
          clockOf: parts.clocks.of,
          originOf: (request) => (stores.resolve(request.host) ? request.origin : config.publicUrl),
        })
      : []),
    ...refundRoutes,
    ...subscriptionRoutes(quotasOf),
    ...lifeRoutes(quotasOf),
    ...priceChangeRoutes(catalog),
    ...testClockRoutes,
    ...remote.routes,
    ...usageRoutes(parts.usage.report),
    ...usageTypeRoutes(isUsageInUse),
    ...quotaRoutes((context, ...refused) => offerForCheck({ ...context, catalog, returnHosts, buyUrlOf }, ...refused)),
    ...upsell.routes,
    ...platforms.routes,
    ...applicationV2Routes({ publicUrl: config.publicUrl, customUsagesOf }),
    ...offeringV2Routes,
    ...usageV2Routes(parts.usage),
    ...chargeRoutes,
    ...ledgerRoutes,
    ...invoiceRoutes,
    ...dunningRoutes,
    ...statementRoutes,
    ...costStatementRoutes,
    ...referralRoutes({ originOf: (sellerId) => stores.listOf(sellerId)[0]?.origin ?? config.publicUrl }),
    ...mailRoutes,
    ...reviewRoutes,
    ...operationRoutes({ version: VERSION, mailIsKept }),
    ...handlerRoutes(places),
    ...webhookRoutes({ guard, seal: webhookSeal, wake: webhooks.wake }),
  ]
}
