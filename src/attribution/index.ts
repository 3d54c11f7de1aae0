export { changeManager, deleteManager, type ManagerChange } from './change-manager.ts'
export { createManager, type NewManager } from './create-manager.ts'
export { type Linking, linkAccount } from './link-account.ts'
export { MANAGER_COOKIE_OPTIONS, managerCookieHeader } from './manager-cookie.ts'
export { createManagerDirectory, type ManagerDirectory } from './manager-directory.ts'
export { findManagerOfUser, managerOfUser } from './manager-store.ts'
export { managerRoutes } from './routes.ts'
export {
  decideManagerCookie,
  effectiveKey,
  judgeKey,
  type Linkable,
  type LinkDecision,
  MANAGER_COOKIE,
} from './rules.ts'
export { type LinkReason, type Manager, ManagerKey } from './schema.ts'
export { listAttributions } from './store.ts'
