/** The link builder. */
import { builder } from '../../messages/en/builder.ts'
import { addMessages } from '../texts.ts'

addMessages('en', builder)

export * as links from './links.tsx'
