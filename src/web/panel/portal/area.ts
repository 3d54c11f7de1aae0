/** The pages of this area, loaded together. */
import { oneRecord } from '../../messages/en/one-record.ts'
import { portal } from '../../messages/en/portal.ts'
import { addMessages } from '../texts.ts'

addMessages('en', oneRecord, portal)

export * as home from './home.tsx'
export * as order from './order.tsx'
export * as orders from './orders.tsx'
export * as payment from './payment.tsx'
export * as payments from './payments.tsx'
export * as subscriptions from './subscriptions.tsx'
