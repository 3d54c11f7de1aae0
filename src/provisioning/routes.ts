import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Seal } from '../platform/auth/seal.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf, Uuid } from '../platform/http/schemas.ts'
import type { OutboundGuard } from '../platform/outbound/guard.ts'
import { listConnectors } from './connector-store.ts'
import { recordOutcome } from './provision.ts'
import { saveConnector } from './save-connector.ts'
import { findTask } from './store.ts'
import type { CallbackTokens } from './webhook-connector.ts'

export const ConnectorView = z.object({
  name: z.string(),
  url: z.string(),
  deadlineMinutes: z.int().meta({ description: 'How long a service may take that answers later' }),
  pullMinutes: z.int().nullable().meta({ description: 'How often it is asked for what was used; null: never' }),
  pullFailure: z.string().meta({ description: 'What went wrong when it was asked last; empty where nothing did' }),
  secret: z
    .string()
    .nullable()
    .meta({ description: 'What requests are signed with; told when it is new, never again' }),
})

export const provisioningRoutes = ({
  seal,
  guard,
  callbacks,
}: {
  readonly seal: Seal
  readonly guard: OutboundGuard
  readonly callbacks: CallbackTokens
}): readonly AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/v1/connectors',
    scope: 'connectors:read',
    summary: 'List the services that plans are provisioned by',
    input: z.object({}),
    output: z.object({ items: z.array(ConnectorView) }),
    handle: async ({ db, actor }) => ({
      items: (await listConnectors(db, actor.sellerId)).map(
        ({ name, url, deadlineMinutes, pullMinutes, pullFailure }) => ({
          name,
          url,
          deadlineMinutes,
          pullMinutes,
          pullFailure,
          secret: null,
        }),
      ),
    }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/connectors',
    scope: 'connectors:write',
    summary: 'Add or change a service that plans name as their connector',
    description:
      'Each request is a POST signed as in Standard Webhooks; its `webhook-id` is the same with every try. 2xx: done. 202: ' +
      'answered later, at `callback.url` with `callback.token`. 4xx: refused, with `message`. Everything else is tried again.',
    input: z.object({
      name: z.string().max(100),
      url: z.string().max(2000),
      deadlineMinutes: z.int().min(1).max(43_200).default(60),
      pullMinutes: z.int().min(1).max(1440).nullable().default(null).meta({
        description:
          'How often the service is asked for what was used (docs/pulled-usage.md); null: it pushes it, or none is',
      }),
      newSecret: z.boolean().default(false).meta({ description: 'Replaces the secret, and tells the new one' }),
    }),
    output: ConnectorView,
    handle: async ({ db, clock, actor }, input) => {
      const { secret } = await saveConnector({ db, clock, guard, seal }, actor, input)
      const { name, url, deadlineMinutes, pullMinutes } = input
      return { name, url, deadlineMinutes, pullMinutes, pullFailure: '', secret }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/provisioning-tasks/:seller/:taskId/result',
    scope: null,
    summary: 'A service that answers later tells how it went',
    description: 'With the token of the request. Repeated, it changes nothing, and answers what was recorded.',
    input: z.object({
      seller: idOf<SellerId>(),
      taskId: Uuid,
      token: z.string().max(200).default(''),
      status: z.enum(['done', 'refused']).optional(),
      message: z.string().max(500).default('The service refused.'),
    }),
    output: z.object({ status: z.enum(['pending', 'done', 'failed']) }),
    handle: async ({ db, clock }, { seller, taskId, token, status, message }) => {
      const task = callbacks.isToken(token, seller, taskId) ? await findTask(db, seller, taskId) : undefined
      if (!task) throw new BuylinkError('not_found', 'There is no such task.')
      if (!status) throw new BuylinkError('invalid_request', 'Say how it went: `status`.')
      await recordOutcome(db, clock, task, status === 'done' ? { kind: 'done' } : { kind: 'refused', message })
      return { status: (await findTask(db, seller, taskId))?.status ?? 'pending' }
    },
  }),
]
