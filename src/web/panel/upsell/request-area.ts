/** Who asked for an offer. */
import { editing } from '../../messages/en/editing.ts'
import { upsell } from '../../messages/en/upsell.ts'
import { addMessages } from '../texts.ts'

addMessages('en', editing, upsell)

export * as requests from './requests.tsx'
