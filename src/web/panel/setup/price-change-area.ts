/** The pages of this area, loaded together: what those who have a plan will pay. */
import { priceChange } from '../../messages/en/price-change.ts'
import { addMessages } from '../texts.ts'

addMessages('en', priceChange)

export * as priceChange from './price-change.tsx'
