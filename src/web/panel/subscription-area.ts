/** One subscription: what it includes, what was used of it, what can be done. */
import { subscription } from '../messages/en/subscription.ts'
import { addMessages } from './texts.ts'

addMessages('en', subscription)

export * as page from './subscription.tsx'
