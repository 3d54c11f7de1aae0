export { addDomain, createStore, type NewDomain, type NewStore } from './create-store.ts'
export { setCanonicalDomain } from './set-canonical-domain.ts'
export type { StoreEntry } from './schema.ts'
export { createStoreDirectory, type StoreDirectory } from './store-directory.ts'
