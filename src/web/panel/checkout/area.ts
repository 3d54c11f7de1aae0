/** The pages of this area, loaded together. */
import { checkout } from '../../messages/en/checkout.ts'
import { links } from '../../messages/en/links.ts'
import { addMessages } from '../texts.ts'

addMessages('en', checkout, links)

export * as configure from './configure.tsx'
export * as confirm from './confirm.tsx'
export * as done from './done.tsx'
export * as frame from './frame.tsx'
export * as newOrder from './new-order.tsx'
export * as pay from './pay.tsx'
