/** The frame around the pages of a checkout. */
import { checkout } from '../../messages/en/checkout.ts'
import { addMessages } from '../texts.ts'

addMessages('en', checkout)

export * as frame from './frame.tsx'
