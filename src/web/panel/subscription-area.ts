/** One subscription: what it includes, what was used of it, what can be done. */
import { quotas } from '../messages/en/quotas.ts'
import { subscription } from '../messages/en/subscription.ts'
import { addMessages } from './texts.ts'

addMessages('en', quotas, subscription)

export * as page from './subscription.tsx'
