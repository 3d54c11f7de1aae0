/** The pages that ask who buys, loaded together. */
import { details } from '../../messages/en/details.ts'
import { addMessages } from '../texts.ts'

addMessages('en', details)

export * as profile from './profile.tsx'
export * as registration from './registration.tsx'
