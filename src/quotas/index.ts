export { createBuiltinConnector } from './builtin-connector.ts'
export { quotasOf } from './store.ts'
