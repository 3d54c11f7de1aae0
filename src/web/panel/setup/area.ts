/** The pages of this area, loaded together: what is sold, where and by whom. */
import { portal } from '../../messages/en/portal.ts'
import { setup } from '../../messages/en/setup.ts'
import { addMessages } from '../texts.ts'

addMessages('en', portal, setup)

export * as auditLog from './audit-log.tsx'
export * as links from './links.tsx'
export * as newReseller from './new-reseller.tsx'
export * as plan from './plan.tsx'
export * as product from './product.tsx'
export * as products from './products.tsx'
export * as resellers from './resellers.tsx'
export * as store from './store.tsx'
export * as stores from './stores.tsx'
