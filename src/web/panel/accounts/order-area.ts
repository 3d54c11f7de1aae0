/** Ordering for a customer, loaded by itself. */
import { checkout } from '../../messages/en/checkout.ts'
import { ordering } from '../../messages/en/ordering.ts'
import { addMessages } from '../texts.ts'

addMessages('en', checkout, ordering)

export * as orderFor from './order-for.tsx'
