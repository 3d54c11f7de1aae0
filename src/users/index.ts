export { changeUser } from './change-user.ts'
export { createClient, type NewClient } from './create-client.ts'
export { auditRoutes } from './audit-view.ts'
export { createSecondFactors, type FactorOptions, type SecondFactors } from './second-factors.ts'
export { secondFactorRoutes } from './second-factor-routes.ts'
export { createUser, type NewUser } from './create-user.ts'
export { disableOverdueUsers } from './disable-overdue-users.ts'
export {
  issueToken,
  type NewToken,
  peekToken,
  revokeTokens,
  sellerOfToken,
  type UsedToken,
  useToken,
} from './email-tokens.ts'
export { ensureAdministrator } from './ensure-administrator.ts'
export { ensureRootClient } from './ensure-root-client.ts'
export { createPrincipalLoaders, type PrincipalOptions } from './load-principals.ts'
export { assertMayGive } from './assert-may-give.ts'
export { KnownActor, nameActors } from './name-actors.ts'
export { chooseUser, NO_MANAGER, SCOPES } from './rules.ts'
export { Email, Password, RoleId, type TokenContext, type User } from './schema.ts'
export { setPolicies } from './set-policies.ts'
export { changePassword, refreshPasswordHash, setPassword } from './set-password.ts'
export {
  findPasswordHash,
  findUser,
  findUserByEmail,
  hasUserWithEmailLike,
  listCandidates,
  type SignInCandidate,
  stopNotification,
} from './store.ts'
export { updateProfile } from './update-profile.ts'
export { clientRoutes } from './client-routes.ts'
export { userRoutes } from './user-routes.ts'
export { getUserView, listUserViews, UserView } from './user-view.ts'
export { clientV2Routes } from './v2-client-routes.ts'
export { userV2ListRoutes } from './v2-user-list-routes.ts'
export { userV2Routes } from './v2-user-routes.ts'
export { moveUsers } from './move-users.ts'
