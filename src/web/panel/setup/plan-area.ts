/** The pages of this area, loaded together: what can be ordered of a product, and for how much. */
import { editing } from '../../messages/en/editing.ts'
import { plan as planTexts } from '../../messages/en/plan.ts'
import { addMessages } from '../texts.ts'

addMessages('en', editing, planTexts)

export * as plan from './plan.tsx'
