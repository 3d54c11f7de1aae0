/** One subscription and changing it, loaded together. */
import { checkout } from '../messages/en/checkout.ts'
import { subscription } from '../messages/en/subscription.ts'
import { addMessages } from './texts.ts'

addMessages('en', checkout, subscription)

export * as change from './change-resources.tsx'
export * as page from './subscription.tsx'
