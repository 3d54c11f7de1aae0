/** The page of one event handler, or of a new one. */
import { notify } from '../../messages/en/notify.ts'
import { addMessages } from '../texts.ts'

addMessages('en', notify)

export * as handler from './handler.tsx'
