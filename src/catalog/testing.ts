import { newId, type SellerId } from '../kernel/ids.ts'
import type { CatalogSnapshot, Plan, PlanPeriod, PlanResource, Product } from './schema.ts'

/** Values for tests of rules: whole by default, so that a test says only what it is about. */
export const period = (id: string, rest: Partial<PlanPeriod> = {}): PlanPeriod => ({
  id,
  duration: { value: 1, unit: 'months' },
  trial: false,
  isPublic: true,
  setupFeeMinor: 0n,
  recurringFeeMinor: 0n,
  renewalFeeMinor: 0n,
  ...rest,
})

export const resource = (id: string, rest: Partial<PlanResource> = {}): PlanResource => ({
  id,
  name: `Resource ${id}`,
  unit: 'unit',
  kind: 'unit',
  included: 0n,
  minimum: rest.included ?? 0n,
  limit: null,
  isPublic: true,
  setupFeeMinor: 0n,
  recurringFeeMinor: 0n,
  renewalFeeMinor: 0n,
  overuseFeeMinor: 0n,
  unitPrice: null,
  quota: null,
  ...rest,
})

export const plan = (rest: Partial<Plan> = {}): Plan => ({
  id: '1',
  productId: '1',
  name: 'Plan',
  summary: '',
  status: 'active',
  isPublic: true,
  billingType: 'pay_in_full',
  paymentModels: ['prepay'],
  minimumTopupMinor: null,
  secondSubscription: 'ask',
  orderAttributes: [],
  connector: 'builtin',
  defaultPeriodId: null,
  successorId: null,
  switchablePlanIds: [],
  addonToPlanIds: [],
  periods: [],
  resources: [],
  ...rest,
})

export const product = (id: string, rest: Partial<Product> = {}): Product => ({
  id,
  name: `Product ${id}`,
  marketingName: `Product ${id}`,
  summary: '',
  description: '',
  slug: `product-${id}`,
  published: true,
  ...rest,
})

export const snapshot = (
  plans: readonly Plan[],
  rest: Partial<Pick<CatalogSnapshot, 'currency' | 'taxRates' | 'version'>> & { products?: readonly Product[] } = {},
): CatalogSnapshot => {
  const products = rest.products ?? [...new Set(plans.map((each) => each.productId))].map((id) => product(id))
  return {
    sellerId: newId<SellerId>(),
    version: rest.version ?? 1n,
    currency: rest.currency ?? 'USD',
    products: new Map(products.map((each) => [each.id, each])),
    plans: new Map(plans.map((each) => [each.id, each])),
    planOfPeriod: new Map(plans.flatMap((each) => each.periods.map(({ id }) => [id, each.id] as const))),
    taxRates: rest.taxRates ?? [],
  }
}
