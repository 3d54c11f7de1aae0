/** Other platforms whose customers buy here, loaded together. */
import { editing } from '../../messages/en/editing.ts'
import { platforms as texts } from '../../messages/en/platforms.ts'
import { addMessages } from '../texts.ts'

addMessages('en', editing, texts)

export * as newPlatform from './new-platform.tsx'
export * as platform from './platform.tsx'
export * as platforms from './platforms.tsx'
