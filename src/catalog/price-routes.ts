import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import { formatAmount } from '../kernel/money.ts'
import { transaction } from '../platform/db.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf, NumericId, Uuid } from '../platform/http/schemas.ts'
import { isVisibleSeller } from './visible-seller.ts'
import { saveDelegation, sellerFor } from './delegate.ts'
import { currencyOf, ensurePriceList } from './ensure-price-list.ts'
import { type Delegation, findPlan, findPriceList, listDelegations, listTaxRates } from './own-catalog.ts'
import { replaceTaxRates } from './replace-tax-rates.ts'
import type { TaxRate } from './schema.ts'

const TAG = 'Catalogue'
/** Basis points as people write them: `12.5`. */
export const Percent = z.codec(
  z.string().regex(/^\d{1,4}(\.\d{1,2})?$/, 'Use a percentage with at most 2 decimals, such as 12.5'),
  z.int(),
  { decode: (text) => Math.round(Number(text) * 100), encode: (points) => String(points / 100) },
)
export const ExchangeRate = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,4})?$/, 'Use a rate with at most 4 decimals, such as 0.9215')
  .refine((rate) => Number(rate) > 0, 'A rate is more than zero')
export const FixedPrices = z.record(z.string().max(60), z.string().max(40)).meta({
  description:
    'Decimals in the reseller’s currency by `period:{id}:setup|recurring|renewal`, `resource:{id}:setup|recurring|renewal|overuse|unit_price`, `plan:minimum_topup`',
})
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

/** What `saveDelegation` keeps in minor units, as decimals again. */
export const pricesAsText = (prices: Delegation['fixedPrices'], currency: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(prices).map(([key, value]) => [
      key,
      key.endsWith(':unit_price') ? value : formatAmount(BigInt(value), currency),
    ]),
  )

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

/** Who sells a plan on, at which price; and taxes. */
export const priceRoutes: readonly AnyRoute[] = [
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
    output: z.object({ currency: z.string(), version: z.int().nonnegative() }),
    async handle({ db, actor }, { sellerId: asked }) {
      const sellerId = await sellerFor(db, actor, asked)
      const list = await findPriceList(db, sellerId)
      return { currency: list?.currency ?? (await currencyOf(db, sellerId)), version: Number(list?.version ?? 0n) }
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
