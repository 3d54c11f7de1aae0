import type { client } from './en/client.ts'
import type { common } from './en/common.ts'
import type { portal } from './en/portal.ts'
import type { store } from './en/store.ts'

/** Every key of the English catalogues; other languages may lack some, never add any. */
export type MessageKey = keyof typeof common | keyof typeof store | keyof typeof client | keyof typeof portal
export type Catalogue = Readonly<Partial<Record<MessageKey, string>>>
