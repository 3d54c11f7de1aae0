import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'
import { withCsv } from '../platform/http/csv.ts'
import { sortInput, sortWhole } from '../platform/http/list.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf, NumericId, Uuid } from '../platform/http/schemas.ts'
import { getTenant, tenantOf } from '../tenants/index.ts'
import { findPriceList, listOwnProducts, type OwnProduct } from './own-catalog.ts'
import { Length } from './plan-view.ts'
import { FixedPrices, Percent, pricesAsText } from './price-shape.ts'
import { getResold, listResold, type Resold } from './resale.ts'

const TAG = 'Catalogue'

const ResoldView = z.object({
  plan: z.object({ id: NumericId, name: z.string(), status: z.enum(['draft', 'active', 'retired']) }),
  product: z.object({ id: NumericId, name: z.string() }),
  from: z.object({ id: Uuid, name: z.string() }).meta({ description: 'The reseller it is bought from' }),
  sold: z.boolean().meta({ description: 'Sold on now' }),
  decides: z.boolean().meta({ description: 'You decide whether it is, and at which rate of exchange' }),
  markupPercent: Percent,
  exchangeRate: z.string(),
  fixedPrices: FixedPrices,
  currency: z.string(),
  currencyAbove: z.string(),
  periods: z.array(z.object({ id: NumericId, duration: Length.nullable() })),
  resources: z.array(z.object({ id: NumericId, name: z.string(), unit: z.string() })),
  prices: z.array(
    z.object({
      key: z.string().meta({ description: 'As `fixed_prices` calls it' }),
      itemId: NumericId.meta({ description: 'Period or resource' }),
      fee: z.enum(['setup', 'recurring', 'renewal', 'overuse', 'unit_price']),
      netCost: z.string().meta({ description: 'What the reseller pays, in its currency' }),
      computed: z.string().meta({ description: 'By the markup alone' }),
      price: z.string(),
      fixed: z.boolean(),
      belowCost: z.boolean(),
    }),
  ),
})

type ResoldView = z.output<typeof ResoldView>
const SORTS = {
  plan: ({ plan }: ResoldView) => plan.name,
  product: ({ product }: ResoldView) => product.name,
  from: ({ from }: ResoldView) => from.name,
  status: ({ sold }: ResoldView) => Number(sold),
  markup: ({ sold, markupPercent }: ResoldView) => (sold ? markupPercent : null),
}

type Products = ReadonlyMap<string, OwnProduct>

const view = (resold: Resold, products: Products): z.output<typeof ResoldView> => {
  const { plan, from, delegation, decides, currency, currencyAbove, reachable, prices } = resold
  return {
    plan: { id: plan.id, name: plan.name, status: plan.status },
    product: { id: plan.productId, name: products.get(plan.productId)?.marketingName ?? '' },
    from: { id: tenantOf(from.sellerId), name: from.name },
    sold: delegation?.active === true && reachable,
    decides,
    markupPercent: delegation?.markupBasisPoints ?? 0,
    exchangeRate: String(Number(delegation?.exchangeRate ?? 1)),
    fixedPrices: pricesAsText(delegation?.fixedPrices ?? {}, currency),
    currency,
    currencyAbove,
    periods: plan.periods.map(({ id, duration }) => ({ id, duration })),
    resources: plan.resources.map(({ id, name, unit }) => ({ id, name, unit })),
    prices: [...prices],
  }
}

/** What a reseller sells on of those above it, at which net cost and which price. */
export const resaleRoutes: readonly AnyRoute[] = [
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/resale',
      scope: 'plans:read',
      tag: TAG,
      summary: 'List the plans of those above that a reseller sells on, with net costs and prices',
      description:
        'By default your own reseller’s. Of a reseller below you also the plans you could let it sell: `PUT /api/v1/plans/{plan_id}/delegations/{seller_id}` does.',
      input: z.object({ sellerId: idOf<TenantId>().optional(), ...sortInput({ keys: SORTS }) }),
      output: z.object({
        seller: z.object({ id: Uuid, name: z.string() }),
        belowCost: z.enum(['warn', 'refuse']),
        items: z.array(ResoldView),
      }),
      async handle({ db, actor }, { sellerId, sort }) {
        const seller = await getTenant(db, actor, sellerId ?? tenantOf(actor.sellerId))
        const resold = await listResold(db, actor, seller.id)
        const products = new Map<string, OwnProduct>()
        for (const owner of new Set(resold.map(({ plan }) => plan.sellerId)))
          for (const product of await listOwnProducts(db, owner)) products.set(product.id, product)
        const belowCost = (await findPriceList(db, seller.sellerId))?.belowCost ?? 'warn'
        return {
          seller: { id: seller.id, name: seller.name },
          belowCost,
          items: sortWhole(
            resold.map((each) => view(each, products)),
            sort,
            SORTS,
          ),
        }
      },
    }),
  ),
  route({
    method: 'GET',
    path: '/api/v1/plans/:planId/delegations/:sellerId',
    scope: 'plans:read',
    tag: TAG,
    summary: 'Read at which net cost and which price a reseller sells a plan on, or could',
    input: z.object({ planId: NumericId, sellerId: idOf<TenantId>() }),
    output: ResoldView,
    async handle({ db, actor }, { planId, sellerId }) {
      const resold = await getResold(db, actor, sellerId, planId)
      const products = await listOwnProducts(db, resold.plan.sellerId)
      return view(resold, new Map(products.map((product) => [product.id, product])))
    },
  }),
]
