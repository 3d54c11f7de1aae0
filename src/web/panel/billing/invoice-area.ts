/** The pages of this area, loaded together: documents. */
import { billing } from '../../messages/en/billing.ts'
import { dunning } from '../../messages/en/dunning.ts'
import { addMessages } from '../texts.ts'

addMessages('en', billing, dunning)

export * as invoice from './invoice.tsx'
export * as invoices from './invoices.tsx'
