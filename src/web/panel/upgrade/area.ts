/** The upgrade page: what ran out and what fixes it. */
import { upgrade as texts } from '../../messages/en/upgrade.ts'
import { addMessages } from '../texts.ts'

addMessages('en', texts)

export * as upgrade from './upgrade.tsx'
