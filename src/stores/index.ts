export { addDomain, createStore, type NewDomain, type NewStore } from './create-store.ts'
export { hostKey, readOrigin } from './rules.ts'
export { type StoreEntry, StoreStatus } from './schema.ts'
export { createStoreDirectory, type StoreDirectory } from './store-directory.ts'
