/** The pages of this area, loaded together. */
import { balance } from '../../messages/en/balance.ts'
import { checkout } from '../../messages/en/checkout.ts'
import { details } from '../../messages/en/details.ts'
import { links } from '../../messages/en/links.ts'
import { addMessages } from '../texts.ts'

addMessages('en', balance, checkout, details, links)

export * as configure from './configure.tsx'
export * as confirm from './confirm.tsx'
export * as done from './done.tsx'
export * as frame from './frame.tsx'
export * as pay from './pay.tsx'
export * as registration from './registration.tsx'
