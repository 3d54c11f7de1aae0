/** The terms of a programme, and a partner, loaded together. */
import { figures } from '../../../messages/en/figures.ts'
import { sales } from '../../../messages/en/sales.ts'
import { addMessages } from '../../texts.ts'

addMessages('en', figures, sales)

export * as partner from './partner.tsx'
export * as programForm from './program-form.tsx'
