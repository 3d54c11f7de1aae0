export {
  AUTOMATIC_DISCOUNTS,
  automaticOf,
  findDiscount,
  findNamed,
  giveBackUse,
  insertCodes,
  listCodes,
  listDiscounts,
  lockCode,
  lockDiscount,
  updateCode,
  writeDiscount,
} from './store.ts'
export { admitUses, recordUses, type WantedUse } from './take-uses.ts'
