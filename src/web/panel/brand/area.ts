/** The brand editor, loaded by itself. */
import './brand.css'
import { brand } from '../../messages/en/brand.ts'
import { addMessages } from '../texts.ts'

addMessages('en', brand)

export * as editor from './editor.tsx'
