import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Db } from '../platform/db.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import type { AskService } from './ask-service.ts'
import { findConnector } from './connector-store.ts'
import { ConnectorRequest, latestRequests } from './connector-view.ts'
import { type ConnectorUseOf, removeConnector } from './remove-connector.ts'
import { ConnectorView } from './routes.ts'
import type { WebhookConnector } from './schema.ts'
import { testConnector } from './test-connector.ts'

const Key = z.object({ connector: z.string().max(100) })

async function ownConnector(db: Db, sellerId: SellerId, name: string): Promise<WebhookConnector> {
  const found = await findConnector(db, sellerId, name)
  if (found?.sellerId !== sellerId) throw new BuylinkError('not_found', 'There is no such connector.')
  return found
}

/** One service: how it does, whether it answers, and the end of it. */
export const connectorRoutes = ({
  ask,
  useOf,
}: {
  readonly ask: AskService
  readonly useOf: ConnectorUseOf
}): readonly AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/v1/connectors/:connector',
    scope: 'connectors:read',
    summary: 'Read a service with what names it and what it was asked last',
    input: Key,
    output: ConnectorView.extend({
      plans: z.array(z.string()).meta({ description: 'Names of the plans that are provisioned by it' }),
      plansOutOfSight: z.int().meta({ description: 'How many more, of resellers that you do not see' }),
      subscriptions: z.int().meta({ description: 'How many it serves' }),
      requests: z.array(ConnectorRequest).meta({ description: 'The latest twenty, of resellers below too' }),
    }),
    async handle({ db, actor }, { connector }) {
      const { secret: _secret, sellerId, ...found } = await ownConnector(db, actor.sellerId, connector)
      const use = await useOf(db, actor, sellerId, connector)
      const requests = await latestRequests(db, actor, sellerId, connector)
      return { ...found, secret: null, ...use, plans: [...use.plans], requests }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/connectors/:connector/test',
    scope: 'connectors:write',
    summary: 'Ask a service whether it is there',
    description: 'A signed `connector.test`, once and without a change: whatever came back is the answer.',
    input: Key,
    output: z.object({
      isAnswered: z.boolean().meta({ description: 'It answered 2xx' }),
      status: z.int().nullable().meta({ description: 'Of its answer; null where none came' }),
      message: z.string(),
      tookMs: z.int(),
    }),
    handle: async ({ db, clock, actor }, { connector }) =>
      testConnector({ ask, clock }, await ownConnector(db, actor.sellerId, connector)),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/connectors/:connector',
    scope: 'connectors:write',
    summary: 'Remove a service that no plan and no subscription names any more',
    input: Key,
    output: z.void(),
    status: 204,
    handle: ({ db, clock, actor }, { connector }) => removeConnector({ db, clock, useOf }, actor, connector),
  }),
]
