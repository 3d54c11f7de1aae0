/** The pages of this area, loaded together: paying for an order, and following it. */
import { balance } from '../../messages/en/balance.ts'
import { paying } from '../../messages/en/paying.ts'
import { addMessages } from '../texts.ts'

addMessages('en', balance, paying)

export * as done from './done.tsx'
export * as pay from './pay.tsx'
