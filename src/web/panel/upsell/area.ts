/** How selling at the quota does, and who asked for an offer, loaded together. */
import { editing } from '../../messages/en/editing.ts'
import { figures } from '../../messages/en/figures.ts'
import { upsell } from '../../messages/en/upsell.ts'
import { addMessages } from '../texts.ts'

addMessages('en', editing, figures, upsell)

export * as performance from './performance.tsx'
export * as requests from './requests.tsx'
