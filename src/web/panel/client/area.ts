/** The pages of this area, loaded together: what a customer has. */
import { client } from '../../messages/en/client.ts'
import { addMessages } from '../texts.ts'

addMessages('en', client)

export * as home from './home.tsx'
export * as orders from './orders.tsx'
export * as payments from './payments.tsx'
export * as subscriptions from './subscriptions.tsx'
