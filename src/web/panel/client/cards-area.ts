/** The page of this area: the cards that are kept. */
import { balance } from '../../messages/en/balance.ts'
import { cards as cardTexts } from '../../messages/en/cards.ts'
import { addMessages } from '../texts.ts'

addMessages('en', balance, cardTexts)

export * as cards from './cards.tsx'
