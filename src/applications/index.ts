export { BACKUP, customItem, DEFAULT_EDITION, EDITION_ITEMS, EDITIONS, type Item, STORAGE_ID } from './catalogue.ts'
export { promotesHigherEditions } from './read-setting.ts'
export { EDITION_WARNINGS, editionWarnings, isOn, nextHigherEdition } from './rules.ts'
export {
  listOfferingChains,
  listSwitchedOff,
  type OfferingTenant,
  saveEdition,
  saveOfferingSwitches,
} from './store.ts'
export { applicationV2Routes } from './v2-routes.ts'
