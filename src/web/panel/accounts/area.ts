/** The pages of this area, loaded together: customers. */
import { accounts as texts } from '../../messages/en/accounts.ts'
import { editing } from '../../messages/en/editing.ts'
import { addMessages } from '../texts.ts'

addMessages('en', editing, texts)

export * as account from './account.tsx'
export * as accounts from './accounts.tsx'
