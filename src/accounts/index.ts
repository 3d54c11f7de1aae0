export { accountVisibleTo } from './account-visible-to.ts'
export {
  type CompletedRegistration,
  completeRegistration,
  type FullRegistration,
} from './complete-registration.ts'
export { createAccount, type NewAccount } from './create-account.ts'
export { createSeller, ensureAccountClass, type NewSeller } from './create-seller.ts'
export { foundTenant } from './found-tenant.ts'
export { getAccount } from './get-account.ts'
export { type AccountFacts, presentAccount } from './present-accounts.ts'
export { AcceptanceView, viewAcceptances } from './acceptance-view.ts'
export { accountRoutes } from './routes.ts'
export { saveAccountClass } from './save-account-class.ts'
export { safeReturnTo } from './rules.ts'
export { type Account, type AccountClass, AccountDetails, AccountView, type ManagerId } from './schema.ts'
export {
  accountNames,
  claimForManager,
  findAccount,
  findDefaultClass,
  listAcceptances,
  setManager,
} from './store.ts'
export { holdAccounts, moveAccounts } from './move-accounts.ts'
export { belowZero, type CreditAccount, findCredit, lockCredit, saveCredit } from './credit-store.ts'
