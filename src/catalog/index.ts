export { type Catalog, createCatalog } from './catalog.ts'
export { planRoutes } from './routes.ts'
export { fromMonthlyMinor, priceOrder, sellablePlans, tryItPeriod } from './rules.ts'
export {
  createPlan,
  createPriceList,
  createProduct,
  delegatePlan,
  type NewPlan,
  type NewProduct,
  setPlanStatus,
  setRecurringFee,
  setTaxRate,
} from './write-catalog.ts'
