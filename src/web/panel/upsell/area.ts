/** How selling at the quota does. */
import { figures } from '../../messages/en/figures.ts'
import { upsell } from '../../messages/en/upsell.ts'
import { addMessages } from '../texts.ts'

addMessages('en', figures, upsell)

export * as performance from './performance.tsx'
