/** The frames around the pages of control panel and portal, with the words that most of their pages share. */
import { menu } from '../../messages/en/menu.ts'
import { records } from '../../messages/en/records.ts'
import { addMessages } from '../texts.ts'

addMessages('en', menu, records)

export * as clientShell from './client-shell.tsx'
export * as portalShell from './portal-shell.tsx'
