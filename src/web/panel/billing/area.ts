/** The pages of this area, loaded together. */
import { billing } from '../../messages/en/billing.ts'
import { dunning } from '../../messages/en/dunning.ts'
import { statements } from '../../messages/en/statements.ts'
import { addMessages } from '../texts.ts'

addMessages('en', billing, dunning, statements)

export * as reminders from './reminders.tsx'
export * as settings from './settings.tsx'
export * as statement from './statement.tsx'
