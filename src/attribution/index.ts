export { changeManager, deleteManager, type ManagerChange } from './change-manager.ts'
export { createManager, type NewManager } from './create-manager.ts'
export { isVisitor } from './is-visitor.ts'
export { getManagerView, type ManagerViewer } from './manager-view.ts'
export { type Linking, linkAccount } from './link-account.ts'
export { managerCookieHeader, managerCookieOptions } from './manager-cookie.ts'
export { createManagerDirectory, type ManagerDirectory } from './manager-directory.ts'
export { findManager, findManagerByKey, findManagerOfUser, listManagersOf, managerOfUser } from './manager-store.ts'
export { relinkAccount, type Relinking } from './relink-account.ts'
export { managerRoutes } from './routes.ts'
export {
  decideTouch,
  formatTouch,
  judgeKey,
  type Linkable,
  type LinkDecision,
  MANAGER_COOKIE,
  parseTouch,
  type Touch,
  touchOf,
} from './rules.ts'
export { type LinkReason, type Manager } from './schema.ts'
export { isSelfReferral } from './self-referral-view.ts'
export { listAttributions } from './store.ts'
export { createTouchTokens, TOUCH_PARAMETER, type TouchTokens } from './touch-token.ts'
export { createKeyVisitCounter, type KeyVisitCounter } from './visits.ts'
