/** One order, with all that one click led to. */
import { portal } from '../../messages/en/portal.ts'
import { timeline } from '../../messages/en/timeline.ts'
import { addMessages } from '../texts.ts'

addMessages('en', portal, timeline)

export * as order from './order.tsx'
