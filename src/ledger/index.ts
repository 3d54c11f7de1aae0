export { post, postAll } from './post.ts'
export { balancesOf, incomeOf, lockBalance } from './balances.ts'
export { verifyLedger } from './verify-ledger.ts'
export { ledgerRoutes } from './routes.ts'
