/** The pages of this area, loaded together: at which price it is sold on, and taxes. */
import { editing } from '../../messages/en/editing.ts'
import { prices as priceTexts } from '../../messages/en/prices.ts'
import { addMessages } from '../texts.ts'

addMessages('en', editing, priceTexts)

export * as price from './price.tsx'
export * as prices from './prices.tsx'
