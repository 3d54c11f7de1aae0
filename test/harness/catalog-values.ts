import fc from 'fast-check'
import { newId, type SellerId } from '../../src/kernel/ids.ts'
import type { CatalogSnapshot, Duration, Plan, PlanPeriod, PlanResource, Product } from '../../src/catalog/schema.ts'

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
  categoryId: null,
  logoUrl: null,
  screenshots: [],
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
  rest: Partial<Pick<CatalogSnapshot, 'currency' | 'discounts' | 'taxRates' | 'version'>> & {
    products?: readonly Product[]
  } = {},
): CatalogSnapshot => {
  const products = rest.products ?? [...new Set(plans.map((each) => each.productId))].map((id) => product(id))
  return {
    sellerId: newId<SellerId>(),
    version: rest.version ?? 1n,
    currency: rest.currency ?? 'USD',
    categories: new Map(),
    products: new Map(products.map((each) => [each.id, each])),
    plans: new Map(plans.map((each) => [each.id, each])),
    discounts: rest.discounts ?? [],
    planOfPeriod: new Map(plans.flatMap((each) => each.periods.map(({ id }) => [id, each.id] as const))),
    taxRates: rest.taxRates ?? [],
  }
}

const fee = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 99_999n }))
const duration: fc.Arbitrary<Duration | null> = fc.option(
  fc.record({
    value: fc.integer({ min: 1, max: 40 }),
    unit: fc.constantFrom('days' as const, 'months' as const, 'years' as const),
  }),
)
/** A plan paid in full with a few periods and resources, and one of its periods. */
export const anyPlan = fc
  .record({
    periods: fc.array(fc.record({ duration, setupFeeMinor: fee, recurringFeeMinor: fee, renewalFeeMinor: fee }), {
      minLength: 1,
      maxLength: 4,
    }),
    resources: fc.array(
      fc.record({
        included: fc.bigInt({ min: 0n, max: 20n }),
        above: fc.bigInt({ min: 0n, max: 20n }),
        setupFeeMinor: fee,
        recurringFeeMinor: fee,
        renewalFeeMinor: fee,
      }),
      { maxLength: 4 },
    ),
    at: fc.nat(),
  })
  .map(({ periods, resources, at }) => {
    const made = periods.map((each, index) => period(String(index + 1), each))
    const of = plan({
      periods: made,
      resources: resources.map(({ above, ...each }, index) =>
        resource(String(index + 1), { ...each, minimum: each.included + above }),
      ),
    })
    return { plan: of, period: made[at % made.length] ?? period('1') }
  })
