/** The pages of this area, loaded together: choosing and confirming what is ordered. */
import { choosing } from '../../messages/en/choosing.ts'
import { addMessages } from '../texts.ts'

addMessages('en', choosing)

export * as configure from './configure.tsx'
export * as confirm from './confirm.tsx'
