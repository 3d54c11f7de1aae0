/** The pages of this area, loaded together: one order, one payment. */
import { oneRecord } from '../../messages/en/one-record.ts'
import { portal } from '../../messages/en/portal.ts'
import { addMessages } from '../texts.ts'

addMessages('en', oneRecord, portal)

export * as order from './order.tsx'
export * as payment from './payment.tsx'
