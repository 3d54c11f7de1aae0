/** Managers and their figures, loaded together. */
import { figures } from '../../../messages/en/figures.ts'
import { sales } from '../../../messages/en/sales.ts'
import { addMessages } from '../../texts.ts'

addMessages('en', figures, sales)

export * as manager from './manager.tsx'
export * as managers from './managers.tsx'
