export { hasDemonstration, loadDemonstration } from './load-demonstration.ts'
export { PASSWORD, SIGN_INS } from './northwind.ts'
