import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { transaction } from '../platform/db.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { Amount, idOf, NumericId, Whole } from '../platform/http/schemas.ts'
import { getTenant, tenantOf } from '../tenants/index.ts'
import type { Catalog } from './catalog.ts'
import { sellerFor } from './delegate.ts'
import { ensurePriceList } from './ensure-price-list.ts'
import { findPlan, findPriceList, type OwnPlan } from './own-catalog.ts'
import { NEW_PLAN, planShape, readPlan } from './plan-input.ts'
import { apiNotation, Length, PlanDetail, presentPlan } from './plan-view.ts'
import { checkQuantities, priceOrder, taxRateFor } from './rules.ts'
import { savePlan } from './save-plan.ts'

const TAG = 'Catalogue'
const SHAPE = planShape(Amount, Length)

/** A plan whose owner the caller is or stands above. @throws {BuylinkError} `not_found`, also for what others have. */
async function getPlan(db: Db, actor: Principal, planId: string): Promise<OwnPlan> {
  const plan = await findPlan(db, planId)
  if (!plan) throw new BuylinkError('not_found', 'There is no such plan.')
  await getTenant(db, actor, tenantOf(plan.sellerId), 'There is no such plan.')
  return plan
}

const currencyOf = async (db: Db, plan: OwnPlan): Promise<string> =>
  (await findPriceList(db, plan.sellerId))?.currency ?? 'USD'

/** Plans, written and tried out before they are on sale. */
export const planEditingRoutes = ({ catalog }: { readonly catalog: Catalog }): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/v1/plans/:planId',
    scope: 'plans:read',
    tag: TAG,
    summary: 'Read one of your own plans as it is edited',
    input: z.object({ planId: NumericId }),
    output: PlanDetail,
    async handle({ db, actor }, { planId }) {
      const plan = await getPlan(db, actor, planId)
      return presentPlan(plan, await currencyOf(db, plan))
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/plans',
    scope: 'plans:write',
    tag: TAG,
    summary: 'Add a plan with its periods and resources',
    description:
      'A draft unless `status` says otherwise. Everything that is wrong is reported together. `seller_id`: a reseller below you, instead of your own.',
    input: z.object({ ...SHAPE, sellerId: idOf<TenantId>().optional() }),
    output: PlanDetail,
    status: 201,
    async handle({ db, clock, actor }, { sellerId: asked, ...input }) {
      const sellerId = await sellerFor(db, actor, asked)
      return transaction(db, async (tx) => {
        const currency = await ensurePriceList(tx, sellerId, clock.now())
        const draft = () => readPlan(input, NEW_PLAN, apiNotation(currency))
        return presentPlan(await savePlan(tx, clock, actor, { sellerId, draft }), currency)
      })
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/plans/:planId',
    scope: 'plans:write',
    tag: TAG,
    summary: 'Change a plan, put it on sale or retire it',
    description:
      'What is not given stays. Periods and resources are told by their id; one without an id is added, one that is not listed stays (to take it off sale, set `public` to false). With `If-Match` the change is refused when someone else was quicker. Running subscriptions keep their price.',
    input: z.object({ planId: NumericId, ...SHAPE }),
    output: PlanDetail,
    async handle({ db, clock, actor, request }, { planId, ...input }) {
      const { sellerId, ...plan } = await getPlan(db, actor, planId)
      const currency = await currencyOf(db, { sellerId, ...plan })
      const saved = await savePlan(db, clock, actor, {
        sellerId,
        planId,
        expectedVersion: request.ifMatch,
        draft: (former) => readPlan(input, former ?? NEW_PLAN, apiNotation(currency)),
      })
      return presentPlan(saved, currency)
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/plans/:planId/previews',
    scope: 'plans:read',
    tag: TAG,
    summary: 'Say what an order of a plan would cost, also of a draft',
    description: 'The very rule that prices orders; nothing is kept.',
    input: z.object({
      planId: NumericId,
      periodId: NumericId.optional().meta({ description: 'By default the first period' }),
      resources: z.array(z.object({ id: NumericId, quantity: Whole })).default([]),
      country: z.string().length(2).toUpperCase().nullable().default(null),
      customerType: z.enum(['business', 'person']).default('business'),
    }),
    output: z.object({
      periodId: NumericId,
      lines: z.array(
        z.object({
          kind: z.string(),
          description: z.string(),
          quantity: Whole,
          unit: Amount,
          net: Amount,
          tax: Amount,
        }),
      ),
      net: Amount,
      tax: Amount,
      total: Amount,
      monthly: Amount.nullable(),
      renewal: Amount.nullable(),
    }),
    async handle({ db, actor }, { planId, periodId, resources, country, customerType }) {
      const snapshot = await catalog.refresh(await sellerOfPlan(db, actor, planId))
      const plan = snapshot.plans.get(planId)
      if (!plan) throw new BuylinkError('not_found', 'There is no such plan.')
      const period = periodId === undefined ? plan.periods[0] : plan.periods.find(({ id }) => id === periodId)
      if (!period) throw new BuylinkError('unprocessable', 'Add a period first: an order is for one.')
      const asked = Object.fromEntries(resources.map(({ id, quantity }) => [id, quantity]))
      const [problem] = checkQuantities(plan, period, asked)
      if (problem) throw new BuylinkError('quantity_out_of_range', problem.message)
      const rate = taxRateFor(snapshot.taxRates, { country, customerType, vatId: '' })?.basisPoints ?? 0
      const quote = priceOrder(plan, period, new Map(Object.entries(asked)), snapshot.currency, rate)
      const money = (amountMinor: bigint) => ({ amountMinor, currency: snapshot.currency })
      return {
        periodId: period.id,
        lines: quote.lines.map((line) => ({
          kind: line.kind,
          description: line.description,
          quantity: line.quantity,
          unit: money(line.unitMinor),
          net: money(line.netMinor),
          tax: money(line.taxMinor),
        })),
        net: money(quote.netMinor),
        tax: money(quote.taxMinor),
        total: money(quote.totalMinor),
        monthly: quote.recurringMinor === null ? null : money(quote.recurringMinor),
        renewal: quote.renewalMinor === null ? null : money(quote.renewalMinor),
      }
    },
  }),
]

/** Whose prices a preview shows: the caller's own where it sells the plan, else its owner's. */
async function sellerOfPlan(db: Db, actor: Principal, planId: string) {
  const plan = await findPlan(db, planId)
  if (!plan) throw new BuylinkError('not_found', 'There is no such plan.')
  const sells = await db
    .selectFrom('plan_delegations')
    .where('seller_id', '=', actor.sellerId)
    .where('plan_id', '=', BigInt(planId))
    .where('active', '=', true)
    .select('plan_id')
    .executeTakeFirst()
  if (sells) return actor.sellerId
  await getTenant(db, actor, tenantOf(plan.sellerId), 'There is no such plan.')
  return plan.sellerId
}
