import { ensureAccountClass, foundTenant } from './accounts/index.ts'
import { brandOwnersOf } from './branding/index.ts'
import { assertOffersAt } from './catalog/index.ts'
import { assertSettled } from './orders/index.ts'
import { platformError } from './platform/http/v2.ts'
import type { AnyRoute } from './platform/http/route.ts'
import { type TenantServices, tenantV2Routes, tenantV2WriteRoutes } from './tenants/index.ts'
import { clientV2Routes, userV2ListRoutes, userV2Routes } from './users/index.ts'

/** What changes to the tree of tenants need of the capabilities above `tenants`. */
const services: TenantServices = {
  brandOwnersOf,
  foundTenant,
  becomeSeller: async (tx, clock, sellerId) => void (await ensureAccountClass(tx, clock, sellerId)),
  assertSettled,
  assertOffersAt,
  async changeSeller() {
    throw platformError('business_rules', 'A tenant stays with its seller: its data is in the seller’s books.')
  },
}

/** Tenants, their programs and their people in the compatible API. */
export const treeRoutes: readonly AnyRoute[] = [
  ...tenantV2Routes(services),
  ...tenantV2WriteRoutes(services),
  ...clientV2Routes,
  ...userV2Routes,
  ...userV2ListRoutes,
]
