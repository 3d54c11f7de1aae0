/** The pages of this area, loaded together. */
import { portal } from '../../messages/en/portal.ts'
import { start } from '../../messages/en/start.ts'
import { addMessages } from '../texts.ts'

addMessages('en', portal, start)

export * as home from './home.tsx'
export * as orders from './orders.tsx'
export * as payments from './payments.tsx'
export * as subscriptions from './subscriptions.tsx'
