/** The lists of handlers, deliveries and notices, loaded together. */
import { notify } from '../../messages/en/notify.ts'
import { addMessages } from '../texts.ts'

addMessages('en', notify)

export * as deliveries from './deliveries.tsx'
export * as delivery from './delivery.tsx'
export * as handlers from './handlers.tsx'
export * as notices from './notices.tsx'
