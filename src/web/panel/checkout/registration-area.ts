/** The details that are asked for before an order is placed. */
import { details } from '../../messages/en/details.ts'
import { addMessages } from '../texts.ts'

addMessages('en', details)

export * as registration from './registration.tsx'
