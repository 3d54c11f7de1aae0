/** The pages of this area, loaded together: one's own sign-in. */
import { security } from '../../messages/en/security.ts'
import { addMessages } from '../texts.ts'

addMessages('en', security)

export * as page from './page.tsx'
