export {
  type CompletedRegistration,
  completeRegistration,
  type FullRegistration,
} from './complete-registration.ts'
export { createAccount, type NewAccount } from './create-account.ts'
export { createSeller, ensureAccountClass, type NewSeller } from './create-seller.ts'
export { getAccount } from './get-account.ts'
export { type AccountFacts, presentAccount, presentAccounts } from './present-accounts.ts'
export { accountRoutes } from './routes.ts'
export { isCountry, safeReturnTo } from './rules.ts'
export { type Account, type AccountClass, AccountDetails, AccountView, type ManagerId } from './schema.ts'
export {
  type Acceptance,
  claimForManager,
  findAccount,
  findClass,
  findDefaultClass,
  findVisibleAccount,
  insertAcceptance,
  listAcceptances,
  lockAccount,
} from './store.ts'
