export { assertOffersAt } from './assert-offers.ts'
export { type Catalog, createCatalog } from './catalog.ts'
export { CATEGORY_SHAPE } from './category-routes.ts'
export { discountShape, readDiscount } from './discount-routes.ts'
export { saveDelegation } from './delegate.ts'
export { ensurePriceList } from './ensure-price-list.ts'
export {
  findPriceList,
  listDelegations,
  listOwnCategories,
  listOwnPlans,
  listOwnProducts,
  listTaxRates,
  type OwnPlan,
} from './own-catalog.ts'
export { orderPlans } from './order-plans.ts'
export { NEW_PLAN, planShape, readPlan } from './plan-input.ts'
export { TaxRateShape, taxRateOf } from './price-routes.ts'
export { ExchangeRate, FixedPrices, Percent, pricesAsText } from './price-shape.ts'
export { findPicture } from './product-pictures.ts'
export { PRODUCT_SHAPE } from './product-routes.ts'
export { replaceTaxRates } from './replace-tax-rates.ts'
export { planRoutes } from './routes.ts'
export { saveCategory } from './save-category.ts'
export { createCodes, saveCode } from './save-codes.ts'
export { type DiscountDraft, saveDiscount } from './save-discount.ts'
export { savePlan } from './save-plan.ts'
export { saveProduct } from './save-product.ts'
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
