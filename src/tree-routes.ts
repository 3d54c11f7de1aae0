import { ensureAccountClass, foundTenant, holdAccounts, moveAccounts } from './accounts/index.ts'
import { brandOwnersOf } from './branding/index.ts'
import { assertOffersAt } from './catalog/index.ts'
import { assertNoShop, assertSettled, closeCheckouts } from './orders/index.ts'
import type { AnyRoute } from './platform/http/route.ts'
import { listedItems, moveQuotas } from './quotas/index.ts'
import { type TenantServices, tenantV2Routes, tenantV2WriteRoutes } from './tenants/index.ts'
import { moveUsage } from './usage/index.ts'
import { clientRoutes, clientV2Routes, moveUsers, userRoutes, userV2ListRoutes, userV2Routes } from './users/index.ts'

/** What changes to the tree of tenants need of the capabilities above `tenants`. */
const services: TenantServices = {
  brandOwnersOf,
  listedItems,
  foundTenant,
  becomeSeller: async (tx, clock, sellerId) => void (await ensureAccountClass(tx, clock, sellerId)),
  assertSettled,
  assertOffersAt,
  async changeSeller(tx, change) {
    if (change.isDissolved) await assertNoShop(tx, change.from)
    await holdAccounts(tx, change)
    await assertSettled(tx, change.tenantIds)
    await moveAccounts(tx, change)
    await closeCheckouts(tx, change)
    await moveUsers(tx, change)
    await moveQuotas(tx, change)
    await moveUsage(tx, change)
  },
}

/** Tenants, their programs and their people in the compatible API; the people in v1 too. */
export const treeRoutes: readonly AnyRoute[] = [
  ...tenantV2Routes(services),
  ...tenantV2WriteRoutes(services),
  ...clientV2Routes,
  ...userV2Routes(services),
  ...userV2ListRoutes,
  ...userRoutes,
  ...clientRoutes,
]
