import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { SubscriptionId } from '../kernel/ids.ts'
import { withCsv } from '../platform/http/csv.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf } from '../platform/http/schemas.ts'
import {
  findSubscriptionView,
  listSubscriptions,
  type QuotasOf,
  SubscriptionList,
  SubscriptionQuery,
  SubscriptionView,
} from './subscription-view.ts'

export const subscriptionRoutes = (quotasOf: QuotasOf): readonly AnyRoute[] => [
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/subscriptions',
      scope: 'subscriptions:read',
      summary: 'List subscriptions, newest first',
      input: SubscriptionQuery,
      output: SubscriptionList,
      handle: ({ db, actor }, query) => listSubscriptions(db, actor, query),
    }),
  ),
  route({
    method: 'GET',
    path: '/api/v1/subscriptions/:subscriptionId',
    scope: 'subscriptions:read',
    summary: 'Read a subscription, its resources and what it is allowed to use',
    input: z.object({ subscriptionId: idOf<SubscriptionId>() }),
    output: SubscriptionView,
    handle: async ({ db, actor }, { subscriptionId }) => {
      const subscription = await findSubscriptionView(db, actor, subscriptionId, quotasOf)
      if (!subscription) throw new BuylinkError('not_found', 'There is no such subscription.')
      return subscription
    },
  }),
]
