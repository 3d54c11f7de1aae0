/** The pages of this area, loaded together: what is sold and at which price. */
import { editing } from '../../messages/en/editing.ts'
import { setup } from '../../messages/en/setup.ts'
import { addMessages } from '../texts.ts'

addMessages('en', editing, setup)

export * as plan from './plan.tsx'
export * as price from './price.tsx'
export * as prices from './prices.tsx'
export * as product from './product.tsx'
export * as products from './products.tsx'
