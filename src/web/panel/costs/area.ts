/** The pages of this area, loaded together: what sales cost at the prices of those above. */
import { costs } from '../../messages/en/costs.ts'
import { addMessages } from '../texts.ts'

addMessages('en', costs)

export * as statement from './statement.tsx'
export * as statements from './statements.tsx'
