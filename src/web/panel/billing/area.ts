/** The pages of this area, loaded together. */
import { billing } from '../../messages/en/billing.ts'
import { addMessages } from '../texts.ts'

addMessages('en', billing)

export * as invoice from './invoice.tsx'
export * as invoices from './invoices.tsx'
export * as settings from './settings.tsx'
