export { assertNotLocked } from './claim-tenant.ts'
export { claimTenant } from './claim-tenant.ts'
export { createTenant, type NewTenant } from './create-tenant.ts'
export { dropTenant } from './delete-tenant.ts'
export { disableTenant, enableTenant } from './enable-tenant.ts'
export { ensureRoot } from './ensure-root.ts'
export { findSellersByName } from './find-sellers.ts'
export { getTenant } from './get-tenant.ts'
export { presentTenant } from './present-tenants.ts'
export { findProfile } from './profile-store.ts'
export { isAtOrBelow, isSeller, tenantOf } from './rules.ts'
export type { Tenant, TenantKind } from './schema.ts'
export {
  findRoot,
  findTenant,
  idsOfNumbers,
  listAncestorsOrSelf,
  listVisibleSellerIds,
  updateTenant,
} from './store.ts'
export { tenantRoutes } from './tenant-routes.ts'
export { systemActor } from './system-actor.ts'
export type { SellerChange, TenantServices } from './tree-needs.ts'
export { tenantV2Routes } from './v2-routes.ts'
export { tenantV2WriteRoutes } from './v2-write-routes.ts'
export { ContactInput, ContactV2, TenantV2, writtenContact } from './v2-schema.ts'
export { visibleOrDeleted, visibleTo } from './visible.ts'
