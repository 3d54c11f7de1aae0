/** The pages of this area, loaded together: where products stand together in the store. */
import { categories as categoryTexts } from '../../messages/en/categories.ts'
import { editing } from '../../messages/en/editing.ts'
import { addMessages } from '../texts.ts'

addMessages('en', editing, categoryTexts)

export * as categories from './categories.tsx'
export * as category from './category.tsx'
