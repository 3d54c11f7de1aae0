import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { SubscriptionId } from '../kernel/ids.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf } from '../platform/http/schemas.ts'
import { Consumption, consumptionOf } from './consumption-view.ts'

export const chargeRoutes: readonly AnyRoute[] = [
  route({
    method: 'GET',
    path: '/api/v1/subscriptions/:subscriptionId/consumption',
    scope: 'subscriptions:read',
    summary: 'Read what a pay-as-you-go subscription has cost, month by month',
    description: 'Empty for a subscription that is paid in full.',
    input: z.object({ subscriptionId: idOf<SubscriptionId>() }),
    output: Consumption,
    handle: async ({ db, actor }, { subscriptionId }) => {
      const consumption = await consumptionOf(db, actor, subscriptionId)
      if (!consumption) throw new BuylinkError('not_found', 'There is no such subscription.')
      return consumption
    },
  }),
]
