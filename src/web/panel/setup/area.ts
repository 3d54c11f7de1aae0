/** The pages of this area, loaded together: which products are sold. */
import { editing } from '../../messages/en/editing.ts'
import { setup } from '../../messages/en/setup.ts'
import { addMessages } from '../texts.ts'

addMessages('en', editing, setup)

export * as product from './product.tsx'
export * as products from './products.tsx'
