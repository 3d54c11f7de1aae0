/** Other platforms whose customers buy here, loaded together. */
import { editing } from '../../messages/en/editing.ts'
import { upsell } from '../../messages/en/upsell.ts'
import { addMessages } from '../texts.ts'

addMessages('en', editing, upsell)

export * as newPlatform from './new-platform.tsx'
export * as platform from './platform.tsx'
export * as platforms from './platforms.tsx'
