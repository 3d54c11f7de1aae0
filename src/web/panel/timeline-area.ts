/** What one click led to, loaded beside what is looked at once that shows. */
import { timeline } from '../messages/en/timeline.ts'
import { addMessages } from './texts.ts'

addMessages('en', timeline)

export { Timeline } from './timeline.tsx'
