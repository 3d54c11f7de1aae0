/** The pages of this area, loaded together: what was changed, what waits, what failed. */
import { operations } from '../../messages/en/operations.ts'
import { addMessages } from '../texts.ts'

addMessages('en', operations)

export * as auditLog from './audit-log.tsx'
export * as health from './health.tsx'
export * as mail from './mail.tsx'
export * as outbox from './outbox.tsx'
export * as reviews from './reviews.tsx'
