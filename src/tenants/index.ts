export { createTenant, type NewTenant } from './create-tenant.ts'
export { disableTenant, enableTenant } from './enable-tenant.ts'
export { ensureRoot } from './ensure-root.ts'
export { getTenant } from './get-tenant.ts'
export { nextNumber } from './numbers.ts'
export { isAtOrBelow, isSeller, isVisible, sellerOf, tenantOf } from './rules.ts'
export type { Tenant, TenantKind } from './schema.ts'
export {
  findRoot,
  findTenant,
  findTenantByNumber,
  findVisibleTenant,
  listAncestorsOrSelf,
  listVisibleSellerIds,
  updateTenant,
} from './store.ts'
export { systemActor } from './system-actor.ts'
export { visibleTo } from './visible.ts'
