/** Ordering for a customer, loaded by itself. */
import { accounts } from '../../messages/en/accounts.ts'
import { checkout } from '../../messages/en/checkout.ts'
import { addMessages } from '../texts.ts'

addMessages('en', accounts, checkout)

export * as orderFor from './order-for.tsx'
