import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import { type Db, transaction } from '../platform/db.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf, NumericId, Uuid } from '../platform/http/schemas.ts'
import { isVisibleSeller } from './visible-seller.ts'
import { saveDelegation, sellerFor } from './delegate.ts'
import { currencyOf, ensurePriceList } from './ensure-price-list.ts'
import { type Delegation, findPlan, findPriceList, listDelegations, listTaxRates } from './own-catalog.ts'
import { ExchangeRate, FixedPrices, Percent, pricesAsText } from './price-shape.ts'
import { replaceTaxRates } from './replace-tax-rates.ts'
import { resaleRoutes } from './resale-routes.ts'
import { setBelowCost } from './set-below-cost.ts'
import type { TaxRate } from './schema.ts'

const TAG = 'Catalogue'
export const TaxRateShape = z.object({
  country: z
    .string()
    .regex(/^([A-Z]{2}|\*)$/, 'Use two capital letters, or * for any other country')
    .default('*'),
  customerType: z.enum(['business', 'person', '*']).default('*'),
  name: z.string().trim().min(1).max(60),
  percent: Percent.refine((points) => points <= 10_000, 'At most 100'),
  reverseCharge: z.boolean().default(false).meta({
    description:
      'A business that gives a VAT id of the country’s form is charged nothing and accounts for the tax itself',
  }),
})

const DelegationView = z.object({
  planId: NumericId,
  sellerId: Uuid,
  delegatedBy: Uuid,
  active: z.boolean(),
  markupPercent: Percent,
  exchangeRate: z.string(),
  fixedPrices: FixedPrices,
})

export const taxRateOf = ({ percent, ...rate }: z.output<typeof TaxRateShape>): TaxRate => ({
  ...rate,
  basisPoints: percent,
})

const viewOf = (delegation: Delegation, currency: string): z.output<typeof DelegationView> => ({
  ...delegation,
  markupPercent: delegation.markupBasisPoints,
  exchangeRate: String(Number(delegation.exchangeRate)),
  fixedPrices: pricesAsText(delegation.fixedPrices, currency),
})

const PriceListView = z.object({
  currency: z.string(),
  version: z.int().nonnegative(),
  belowCost: z.enum(['warn', 'refuse']).meta({ description: 'What a price below net cost is met with' }),
})

async function viewPriceList(db: Db, sellerId: SellerId): Promise<z.output<typeof PriceListView>> {
  const list = await findPriceList(db, sellerId)
  return {
    currency: list?.currency ?? (await currencyOf(db, sellerId)),
    version: Number(list?.version ?? 0n),
    belowCost: list?.belowCost ?? 'warn',
  }
}

/** Who sells a plan on, at which price; and taxes. */
export const priceRoutes: readonly AnyRoute[] = [
  ...resaleRoutes,
  route({
    method: 'GET',
    path: '/api/v1/plans/:planId/delegations',
    scope: 'plans:read',
    tag: TAG,
    summary: 'List the resellers that sell a plan on, with their markup or fixed prices',
    input: z.object({ planId: NumericId }),
    output: z.object({ items: z.array(DelegationView) }),
    async handle({ db, actor }, { planId }) {
      const plan = await findPlan(db, planId)
      const visible = []
      for (const delegation of await listDelegations(db, { planId }))
        if (await isVisibleSeller(db, actor, delegation.sellerId)) visible.push(delegation)
      if (!plan || (visible.length === 0 && !(await isVisibleSeller(db, actor, plan.sellerId))))
        throw new BuylinkError('not_found', 'There is no such plan.')
      const items = await Promise.all(
        visible.map(async (each) => viewOf(each, (await findPriceList(db, each.sellerId))?.currency ?? 'USD')),
      )
      return { items }
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/plans/:planId/delegations/:sellerId',
    scope: 'plans:write',
    tag: TAG,
    summary: 'Let a reseller below sell a plan on, and set its price',
    description:
      'Whoever sells the plan above decides on `active` and `exchange_rate`, the reseller on `markup_percent` and `fixed_prices`. What is not given stays; `fixed_prices` replaces all of them.',
    input: z.object({
      planId: NumericId,
      sellerId: idOf<TenantId>(),
      active: z.boolean().optional(),
      markupPercent: Percent.optional(),
      exchangeRate: ExchangeRate.optional(),
      fixedPrices: FixedPrices.optional(),
    }),
    output: DelegationView,
    async handle({ db, clock, actor }, { markupPercent, ...input }) {
      const saved = await saveDelegation(db, clock, actor, { ...input, markupBasisPoints: markupPercent })
      return viewOf(saved, (await findPriceList(db, saved.sellerId))?.currency ?? 'USD')
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/price-list',
    scope: 'plans:read',
    tag: TAG,
    summary: 'Read the currency and version of a reseller’s price list',
    input: z.object({ sellerId: idOf<TenantId>().optional() }),
    output: PriceListView,
    handle: async ({ db, actor }, { sellerId }) => viewPriceList(db, await sellerFor(db, actor, sellerId)),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/price-list',
    scope: 'plans:write',
    tag: TAG,
    summary: 'Decide what a price below net cost is met with',
    description:
      '`refuse`: neither you nor those you let sell on can set a price below what they pay for it; `warn`: they are told. What is priced already stays.',
    input: z.object({ sellerId: idOf<TenantId>().optional(), belowCost: z.enum(['warn', 'refuse']) }),
    output: PriceListView,
    async handle({ db, clock, actor }, { sellerId: asked, belowCost }) {
      const sellerId = await sellerFor(db, actor, asked)
      await setBelowCost(db, clock, actor, sellerId, belowCost)
      return viewPriceList(db, sellerId)
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/tax-rates',
    scope: 'plans:read',
    tag: TAG,
    summary: 'List your tax rates',
    input: z.object({ sellerId: idOf<TenantId>().optional() }),
    output: z.object({ items: z.array(TaxRateShape) }),
    async handle({ db, actor }, { sellerId }) {
      const rates = await listTaxRates(db, await sellerFor(db, actor, sellerId))
      return { items: rates.map(({ basisPoints, ...rate }) => ({ ...rate, percent: basisPoints })) }
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/tax-rates',
    scope: 'plans:write',
    tag: TAG,
    summary: 'Replace your tax rates',
    description: 'The rate of a country comes before that of `*`, that of a customer type before that of any.',
    input: z.object({ items: z.array(TaxRateShape).max(500), sellerId: idOf<TenantId>().optional() }),
    output: z.object({ items: z.array(TaxRateShape) }),
    async handle({ db, clock, actor }, { items, sellerId: asked }) {
      const sellerId = await sellerFor(db, actor, asked)
      await transaction(db, async (tx) => {
        await ensurePriceList(tx, sellerId, clock.now())
        await replaceTaxRates(tx, clock, actor, sellerId, items.map(taxRateOf))
      })
      return { items }
    },
  }),
]
