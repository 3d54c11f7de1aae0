/** The pages of this area, loaded together: the time of a sandbox. */
import { testClock } from '../../messages/en/test-clock.ts'
import { addMessages } from '../texts.ts'

addMessages('en', testClock)

export * as clock from './clock.tsx'
