/** The pages of selling at the quota, for staff, loaded together. */
import { editing } from '../../messages/en/editing.ts'
import { figures } from '../../messages/en/figures.ts'
import { upsell } from '../../messages/en/upsell.ts'
import { addMessages } from '../texts.ts'

addMessages('en', editing, figures, upsell)

export * as newPlatform from './new-platform.tsx'
export * as platform from './platform.tsx'
export * as performance from './performance.tsx'
export * as platforms from './platforms.tsx'
export * as requests from './requests.tsx'
