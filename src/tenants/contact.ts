import { newId } from '../kernel/ids.ts'
import type { StoredContact } from './schema.ts'

/** What is given replaces what was; the rest stays. Its id is given once. */
export const mergeContact = (stored: StoredContact, given: StoredContact): StoredContact => ({
  ...stored,
  ...given,
  id: stored.id ?? newId(),
})
