/** The pages of this area, loaded together. */
import { entrance } from '../../messages/en/entrance.ts'
import { addMessages } from '../texts.ts'

addMessages('en', entrance)

export * as checkMail from './check-mail.tsx'
export * as confirm from './confirm.tsx'
export * as register from './register.tsx'
export * as reset from './reset.tsx'
export * as signIn from './sign-in.tsx'
