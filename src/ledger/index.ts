export { balancesOf, lockBalance } from './balances.ts'
export { post, postAll } from './post.ts'
export { verifyLedger } from './verify-ledger.ts'
export { ledgerRoutes } from './routes.ts'
