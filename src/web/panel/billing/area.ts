/** The pages of this area, loaded together. */
import { billing } from '../../messages/en/billing.ts'
import { statements } from '../../messages/en/statements.ts'
import { addMessages } from '../texts.ts'

addMessages('en', billing, statements)

export * as invoice from './invoice.tsx'
export * as invoices from './invoices.tsx'
export * as settings from './settings.tsx'
export * as statement from './statement.tsx'
