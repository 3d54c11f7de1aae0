/** An offer that was placed, until what ran out is there again. */
import { balance } from '../../messages/en/balance.ts'
import { paying } from '../../messages/en/paying.ts'
import { timeline } from '../../messages/en/timeline.ts'
import { upgrade } from '../../messages/en/upgrade.ts'
import { addMessages } from '../texts.ts'

addMessages('en', balance, paying, timeline, upgrade)

export * as progress from './progress.tsx'
