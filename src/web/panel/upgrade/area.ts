/** The pages of this area, loaded together. */
import { checkout } from '../../messages/en/checkout.ts'
import { upgrade as texts } from '../../messages/en/upgrade.ts'
import { addMessages } from '../texts.ts'

addMessages('en', checkout, texts)

export * as progress from './progress.tsx'
export * as upgrade from './upgrade.tsx'
