/** Who the customer is, and their own data. */
import { details } from '../../messages/en/details.ts'
import { profile as texts } from '../../messages/en/profile.ts'
import { addMessages } from '../texts.ts'

addMessages('en', details, texts)

export * as profile from './profile.tsx'
