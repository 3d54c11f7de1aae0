/** The pages of this area, loaded together. */
import { balance as balanceTexts } from '../../messages/en/balance.ts'
import { details } from '../../messages/en/details.ts'
import { usage as usageTexts } from '../../messages/en/usage.ts'
import { addMessages } from '../texts.ts'

addMessages('en', details, balanceTexts, usageTexts)

export * as balance from './balance.tsx'
export * as clientShell from './client-shell.tsx'
export * as home from './home.tsx'
export * as order from './order.tsx'
export * as orders from './orders.tsx'
export * as payment from './payment.tsx'
export * as payments from './payments.tsx'
export * as profile from './profile.tsx'
export * as subscriptions from './subscriptions.tsx'
