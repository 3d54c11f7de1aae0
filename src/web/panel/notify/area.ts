/** The pages of event handlers, loaded together. */
import { notify } from '../../messages/en/notify.ts'
import { addMessages } from '../texts.ts'

addMessages('en', notify)

export * as handler from './handler.tsx'
export * as handlers from './handlers.tsx'
