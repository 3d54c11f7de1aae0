import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { SubscriptionId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { type AnyRoute, type RouteContext, route } from '../platform/http/route.ts'
import { idOf } from '../platform/http/schemas.ts'
import { findSubscriptionView, type QuotasOf, SubscriptionView } from '../subscriptions/index.ts'
import { findRunning } from './change-context-view.ts'
import {
  cancelSubscription,
  keepSubscription,
  type LifeDeps,
  resumeSubscription,
  retryOperation,
  setAutoRenew,
  stopSubscription,
} from './end-subscription.ts'

const Key = z.object({ subscriptionId: idOf<SubscriptionId>() })

/** Operations on one subscription: each answers with the subscription as it is then. */
export function lifeRoutes(quotasOf: QuotasOf): readonly AnyRoute[] {
  const answer = async (db: Db, actor: Principal, id: SubscriptionId) => {
    const subscription = await findSubscriptionView(db, actor, id, quotasOf)
    if (!subscription) throw new BuylinkError('not_found', 'There is no such subscription.')
    return subscription
  }
  const perform = async (
    { db, clock, actor }: Pick<RouteContext<Principal>, 'db' | 'clock' | 'actor'>,
    id: SubscriptionId,
    work: (deps: LifeDeps, key: { sellerId: string; id: SubscriptionId }) => Promise<void>,
  ) => {
    const running = await findRunning(db, actor, id)
    if (!running) throw new BuylinkError('not_found', 'There is no such subscription.')
    await work({ db, clock, actor }, { sellerId: running.subscription.sellerId, id })
    return answer(db, actor, id)
  }
  return [
    route({
      method: 'PATCH',
      path: '/api/v1/subscriptions/:subscriptionId',
      scope: 'subscriptions:write',
      summary: 'Renew it by itself, or not',
      input: Key.extend({ autoRenew: z.boolean().optional() }),
      output: SubscriptionView,
      handle: (context, { subscriptionId, autoRenew }) =>
        perform(context, subscriptionId, async (deps, key) => {
          if (autoRenew !== undefined) await setAutoRenew(deps, key, autoRenew)
        }),
    }),
    route({
      method: 'POST',
      path: '/api/v1/subscriptions/:subscriptionId/cancel',
      scope: 'subscriptions:write',
      summary: 'Cancel it, at the end of what is paid for or now',
      description:
        '`now` stops the service at once and refunds nothing. `period_end` can be taken back until then: `keep`.',
      input: Key.extend({ when: z.enum(['now', 'period_end']).default('period_end') }),
      output: SubscriptionView,
      handle: (context, { subscriptionId, when }) =>
        perform(context, subscriptionId, (deps, key) => cancelSubscription(deps, key, when)),
    }),
    route({
      method: 'POST',
      path: '/api/v1/subscriptions/:subscriptionId/keep',
      scope: 'subscriptions:write',
      summary: 'Take a cancellation back',
      input: Key,
      output: SubscriptionView,
      handle: (context, { subscriptionId }) => perform(context, subscriptionId, keepSubscription),
    }),
    route({
      method: 'POST',
      path: '/api/v1/subscriptions/:subscriptionId/stop',
      scope: 'subscriptions:operate',
      summary: 'Stop what runs; it is not deleted by that',
      input: Key,
      output: SubscriptionView,
      handle: (context, { subscriptionId }) => perform(context, subscriptionId, stopSubscription),
    }),
    route({
      method: 'POST',
      path: '/api/v1/subscriptions/:subscriptionId/resume',
      scope: 'subscriptions:operate',
      summary: 'Start again what was stopped',
      input: Key,
      output: SubscriptionView,
      handle: (context, { subscriptionId }) => perform(context, subscriptionId, resumeSubscription),
    }),
    route({
      method: 'POST',
      path: '/api/v1/subscriptions/:subscriptionId/retry',
      scope: 'subscriptions:operate',
      summary: 'Ask the service again for a stop, start or deletion that failed',
      input: Key,
      output: SubscriptionView,
      handle: (context, { subscriptionId }) => perform(context, subscriptionId, retryOperation),
    }),
  ]
}
