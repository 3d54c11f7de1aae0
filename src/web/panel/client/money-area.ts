/** The pages of this area, loaded together: one order, one payment, the balance. */
import { balance as balanceTexts } from '../../messages/en/balance.ts'
import { oneRecord } from '../../messages/en/one-record.ts'
import { paying } from '../../messages/en/paying.ts'
import { addMessages } from '../texts.ts'

addMessages('en', oneRecord, paying, balanceTexts)

export * as balance from './balance.tsx'
export * as order from './order.tsx'
export * as payment from './payment.tsx'
