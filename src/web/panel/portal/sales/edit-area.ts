/** Changing a manager, and why an account is credited to one. */
import { sales } from '../../../messages/en/sales.ts'
import { addMessages } from '../../texts.ts'

addMessages('en', sales)

export * as attribution from './attribution.tsx'
export * as managerForm from './manager-form.tsx'
