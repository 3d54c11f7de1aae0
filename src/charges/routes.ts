import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { SubscriptionId } from '../kernel/ids.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf } from '../platform/http/schemas.ts'
import { takeAmounts } from './take-amounts.ts'
import { ToldAmount } from './told-shape.ts'
import { toldBelow } from './told-view.ts'
import { billingDayRoutes } from './billing-day-routes.ts'
import { Consumption, consumptionOf } from './consumption-view.ts'

export const chargeRoutes: readonly AnyRoute[] = [
  ...billingDayRoutes,
  route({
    method: 'GET',
    path: '/api/v1/subscriptions/:subscriptionId/consumption',
    scope: 'subscriptions:read',
    summary: 'Read what a pay-as-you-go subscription has cost, period by period',
    description: 'Empty for a subscription that is paid in full.',
    input: z.object({ subscriptionId: idOf<SubscriptionId>() }),
    output: Consumption,
    handle: async ({ db, actor }, { subscriptionId }) => {
      const consumption = await consumptionOf(db, actor, subscriptionId)
      if (!consumption) throw new BuylinkError('not_found', 'There is no such subscription.')
      return consumption
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/told-amounts',
    scope: 'usage:write',
    summary: 'Tell what an external service asks for its subscriptions',
    description:
      'For plans of the billing type pay as you go, external. All are taken or none. The same `source` and `id` again changes ' +
      'nothing, so send again what was not answered; what was told too much is taken back by a negative amount. Charged with the ' +
      'next rating, in the billing period of its `time` or, where that is closed, in the open one; sold on at the markups and rates of the ' +
      'resellers on the way down. For the seller of a subscription and those above it.',
    input: z.object({ source: z.string().min(1).max(200), amounts: z.array(ToldAmount).min(1).max(1000) }),
    output: z.object({
      items: z.array(z.object({ id: z.string(), result: z.enum(['accepted', 'duplicate']) })),
    }),
    status: 202,
    async handle({ db, clock, actor }, { source, amounts }) {
      const ids = [...new Set(amounts.map((each) => each.subscriptionId))]
      const known = await toldBelow(db, actor.path, ids)
      const by = { source, actor, correlationId: actor.correlationId }
      const fresh = await takeAmounts({ db, clock }, by, amounts, known)
      return {
        items: amounts.map(({ id }, index) => ({
          id,
          result: fresh[index] ? ('accepted' as const) : ('duplicate' as const),
        })),
      }
    },
  }),
]
