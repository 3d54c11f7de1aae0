/** Changing what a running subscription has. */
import { change as texts } from '../messages/en/change.ts'
import { choosing } from '../messages/en/choosing.ts'
import { addMessages } from './texts.ts'

addMessages('en', texts, choosing)

export * as change from './change-resources.tsx'
