/** The pages of this area, loaded together: where it is sold and by whom. */
import { editing } from '../../messages/en/editing.ts'
import { places } from '../../messages/en/places.ts'
import { addMessages } from '../texts.ts'

addMessages('en', editing, places)

export * as infoPage from './info-page.tsx'
export * as newReseller from './new-reseller.tsx'
export * as resellers from './resellers.tsx'
export * as store from './store.tsx'
export * as stores from './stores.tsx'
