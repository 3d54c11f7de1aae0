/** The pages of this area, loaded together: discounts and their promo codes. */
import { discounts as discountTexts } from '../../messages/en/discounts.ts'
import { editing } from '../../messages/en/editing.ts'
import { addMessages } from '../texts.ts'

addMessages('en', editing, discountTexts)

export * as discount from './discount.tsx'
export * as discounts from './discounts.tsx'
