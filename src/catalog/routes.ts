import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { Amount, NumericId, Whole } from '../platform/http/schemas.ts'
import type { Catalog } from './catalog.ts'
import { categoryRoutes } from './category-routes.ts'
import { discountRoutes } from './discount-routes.ts'
import { planEditingRoutes } from './plan-routes.ts'
import { priceRoutes } from './price-routes.ts'
import { productRoutes } from './product-routes.ts'
import type { Plan } from './schema.ts'

const PlanView = z.object({
  id: NumericId,
  name: z.string(),
  product: z.object({ id: NumericId, name: z.string(), slug: z.string() }),
  status: z.enum(['draft', 'active', 'retired']),
  public: z.boolean(),
  billingType: z.string(),
  periods: z.array(
    z.object({
      id: NumericId,
      trial: z.boolean(),
      public: z.boolean(),
      duration: z.object({ value: z.int(), unit: z.enum(['days', 'months', 'years']) }).nullable(),
      setupFee: Amount,
      recurringFee: Amount,
    }),
  ),
  resources: z.array(
    z.object({
      id: NumericId,
      name: z.string(),
      unit: z.string(),
      included: Whole,
      minimum: Whole,
      limit: Whole.nullable(),
      recurringFee: Amount,
    }),
  ),
  buyLink: z.string().nullable(),
  tryLink: z.string().nullable(),
})

/** Links live above the catalogue; `server.ts` hands this in. */
export type LinksOf = (
  sellerId: SellerId,
  plan: Plan,
  currency: string,
) => { readonly buyLink: string | null; readonly tryLink: string | null }

export const planRoutes = (deps: { readonly catalog: Catalog; readonly linksOf: LinksOf }): readonly AnyRoute[] => [
  ...planEditingRoutes(deps),
  ...productRoutes,
  ...categoryRoutes,
  ...priceRoutes,
  ...discountRoutes,
  route({
    method: 'GET',
    path: '/api/v1/plans',
    scope: 'plans:read',
    summary: 'List the plans a reseller sells, with every id a buy-link needs',
    description: 'By default those of the caller’s own reseller, at its prices.',
    input: z.object({}),
    output: z.object({ items: z.array(PlanView) }),
    handle: async ({ actor }) => {
      const snapshot = await deps.catalog.current(actor.sellerId).catch((error: unknown) => {
        if (error instanceof BuylinkError && error.code === 'not_found') return undefined
        throw error
      })
      if (!snapshot) return { items: [] }
      const money = (amountMinor: bigint) => ({ amountMinor, currency: snapshot.currency })
      return {
        items: [...snapshot.plans.values()].map((plan) => {
          const product = snapshot.products.get(plan.productId)
          return {
            id: plan.id,
            name: plan.name,
            product: { id: plan.productId, name: product?.marketingName ?? '', slug: product?.slug ?? '' },
            status: plan.status,
            public: plan.isPublic,
            billingType: plan.billingType,
            periods: plan.periods.map((period) => ({
              id: period.id,
              trial: period.trial,
              public: period.isPublic,
              duration: period.duration,
              setupFee: money(period.setupFeeMinor),
              recurringFee: money(period.recurringFeeMinor),
            })),
            resources: plan.resources.map(({ id, name, unit, included, minimum, limit, recurringFeeMinor }) => ({
              id,
              name,
              unit,
              included,
              minimum,
              limit,
              recurringFee: money(recurringFeeMinor),
            })),
            ...deps.linksOf(actor.sellerId, plan, snapshot.currency),
          }
        }),
      }
    },
  }),
]
