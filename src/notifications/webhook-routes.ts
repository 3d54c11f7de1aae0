import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'
import type { Seal } from '../platform/auth/seal.ts'
import type { Clock } from '../kernel/time.ts'
import type { Db } from '../platform/db.ts'
import { withCsv } from '../platform/http/csv.ts'
import { sortInput } from '../platform/http/list.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf, Instant, pageInput, pageOf, Uuid, Version } from '../platform/http/schemas.ts'
import type { OutboundGuard } from '../platform/outbound/guard.ts'
import { EVENT_NAMES, EVENT_TYPES } from './catalogue.ts'
import { DeliveryDetails, DeliveryList, DeliveryQuery, getDelivery, listDeliveries } from './delivery-view.ts'
import { listEndpoints, WEBHOOK_LISTING } from './endpoint-store.ts'
import { replayDelivery, replaySince, testEndpoint } from './replay.ts'
import { RETRY_MS } from './rules.ts'
import { changeEndpoint, createEndpoint, getEndpoint, removeEndpoint, rotateSecret } from './save-endpoint.ts'
import { EventFilter, type WebhookEndpoint } from './schema.ts'
import { sellersOf } from './sellers.ts'

export interface WebhookRouteDeps {
  readonly guard: OutboundGuard
  readonly seal: Seal
  /** Told when something is due. */
  readonly wake: () => void
}

const WebhookView = z.object({
  id: Uuid,
  tenantId: Uuid.meta({ description: 'The reseller, or the operator, whose webhook it is' }),
  url: z.string(),
  description: z.string(),
  eventTypes: z.array(z.string()),
  includeResellers: z.boolean(),
  enabled: z.boolean(),
  disabledReason: z.enum(['gone']).nullable().meta({ description: '`gone`: the receiver answered 410' }),
  previousSecretUntil: Instant.nullable(),
  createdAt: Instant,
  updatedAt: Instant,
  version: Version,
})
const WithSecret = WebhookView.extend({
  secret: z.string().meta({ description: 'Signs from now on (`whsec_…`); shown this once' }),
})

const view = ({ sellerId, previousUntil, ...endpoint }: WebhookEndpoint): z.output<typeof WebhookView> => ({
  ...endpoint,
  eventTypes: [...endpoint.eventTypes],
  tenantId: sellerId,
  previousSecretUntil: previousUntil,
})

const eventTypes = z
  .array(EventFilter)
  .max(100)
  .meta({ description: 'Events, or families such as `order.*`; an empty list: all of them' })
const Input = {
  url: z
    .string()
    .trim()
    .max(2000)
    .meta({ examples: ['https://example.com/hooks/buylink'] }),
  description: z.string().trim().max(500),
  eventTypes,
  includeResellers: z.boolean().meta({ description: 'Events of resellers below count too' }),
  enabled: z.boolean(),
}
const Key = z.object({ webhookId: Uuid })
const HOUR_MS = 3_600_000
const TAG = 'webhooks'

/** Webhooks, the log of deliveries, and the list of events. */
export function webhookRoutes(deps: WebhookRouteDeps): AnyRoute[] {
  const { guard, seal, wake } = deps
  const partsOf = ({ db, clock }: { readonly db: Db; readonly clock: Clock }) => ({ db, clock, guard, seal })
  return [
    route({
      method: 'GET',
      path: '/api/v1/event-types',
      scope: 'event_handlers:read',
      tag: TAG,
      summary: 'List the events that handlers and webhooks can be told of',
      input: z.object({}),
      output: z.object({ items: z.array(z.object({ type: z.string(), summary: z.string() })) }),
      handle: async () => ({
        items: EVENT_NAMES.map((type) => ({ type, summary: EVENT_TYPES[type].summary })),
      }),
    }),
    ...withCsv(
      route({
        method: 'GET',
        path: '/api/v1/webhooks',
        scope: 'webhooks:read',
        summary: 'List webhooks, newest first',
        input: z.object({ ...pageInput, ...sortInput(WEBHOOK_LISTING), query: z.string().max(200).optional() }),
        output: pageOf(WebhookView),
        async handle({ db, actor }, wish) {
          const page = await listEndpoints(db, await sellersOf(db, actor), wish)
          return { items: page.items.map(view), nextCursor: page.nextCursor }
        },
      }),
    ),
    route({
      method: 'POST',
      path: '/api/v1/webhooks',
      scope: 'webhooks:write',
      summary: 'Add a webhook; the answer has its signing secret, this once',
      description:
        'Messages are signed as in Standard Webhooks, sent at least once and in order per subject, and tried for three days. A receiver answers with any 2xx; 410 switches the webhook off. Redirects are not followed.',
      input: z.object({
        ...Input,
        tenantId: idOf<TenantId>().optional().meta({ description: 'A reseller below; the caller’s own by default' }),
        description: Input.description.default(''),
        eventTypes: eventTypes.default([]),
        includeResellers: Input.includeResellers.default(false),
        enabled: z.boolean().default(true),
      }),
      output: WithSecret,
      status: 201,
      async handle(context, input) {
        const { endpoint, secret } = await createEndpoint(partsOf(context), context.actor, input)
        return { ...view(endpoint), secret }
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/webhooks/:webhookId',
      scope: 'webhooks:read',
      summary: 'Read a webhook',
      input: Key,
      output: WebhookView,
      handle: async ({ db, actor }, { webhookId }) => view(await getEndpoint(db, actor, webhookId)),
    }),
    route({
      method: 'PATCH',
      path: '/api/v1/webhooks/:webhookId',
      scope: 'webhooks:write',
      summary: 'Change a webhook, or switch it on or off',
      description: 'What waits for a webhook that is switched off is cancelled; replay it later.',
      input: Key.extend(z.object(Input).partial().shape),
      output: WebhookView,
      async handle(context, { webhookId, ...given }) {
        const change = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
        const { actor, request } = context
        return view(await changeEndpoint(partsOf(context), actor, webhookId, change, request.ifMatch))
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/v1/webhooks/:webhookId',
      scope: 'webhooks:write',
      summary: 'Delete a webhook; its log stays',
      input: Key,
      output: z.void(),
      status: 204,
      handle: (context, { webhookId }) =>
        removeEndpoint(partsOf(context), context.actor, webhookId, context.request.ifMatch),
    }),
    route({
      method: 'POST',
      path: '/api/v1/webhooks/:webhookId/rotate-secret',
      scope: 'webhooks:write',
      summary: 'Give a webhook a new signing secret; for a while the one before signs too',
      input: Key.extend({ overlapHours: z.int().min(0).max(168).default(24) }),
      output: WithSecret,
      async handle(context, { webhookId, overlapHours }) {
        const { actor, request } = context
        const overlapMs = overlapHours * HOUR_MS
        const rotated = await rotateSecret(partsOf(context), actor, webhookId, overlapMs, request.ifMatch)
        return { ...view(rotated.endpoint), secret: rotated.secret }
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/webhooks/:webhookId/test',
      scope: 'webhooks:write',
      summary: 'Send a test message; read the delivery to see how it went',
      input: Key,
      output: DeliveryDetails,
      status: 202,
      async handle({ db, clock, actor }, { webhookId }) {
        const id = await testEndpoint(db, clock, actor, webhookId)
        wake()
        return getDelivery(db, actor, id)
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/webhooks/:webhookId/replay',
      scope: 'deliveries:write',
      summary: 'Send everything since an instant again',
      description:
        'What was sent before keeps its `webhook-id`. What happened while the webhook was off, or before it was there, is sent too (10,000 events at most).',
      input: Key.extend({ since: Instant.optional().meta({ description: 'Three days ago by default' }) }),
      output: z.object({ deliveries: z.int().meta({ description: 'How many wait now' }) }),
      status: 202,
      async handle({ db, clock, actor }, { webhookId, since }) {
        const from = since ?? new Date(clock.now().getTime() - RETRY_MS)
        const deliveries = await replaySince(db, clock, actor, webhookId, from)
        wake()
        return { deliveries }
      },
    }),
    ...withCsv(
      route({
        method: 'GET',
        path: '/api/v1/deliveries',
        scope: 'deliveries:read',
        summary: 'List what was sent, or waits to be, newest first',
        input: DeliveryQuery,
        output: DeliveryList,
        handle: ({ db, actor }, query) => listDeliveries(db, actor, query),
      }),
    ),
    route({
      method: 'GET',
      path: '/api/v1/deliveries/:deliveryId',
      scope: 'deliveries:read',
      summary: 'Read a delivery with its tries',
      input: z.object({ deliveryId: Uuid }),
      output: DeliveryDetails,
      handle: ({ db, actor }, { deliveryId }) => getDelivery(db, actor, deliveryId),
    }),
    route({
      method: 'POST',
      path: '/api/v1/deliveries/:deliveryId/replay',
      scope: 'deliveries:write',
      summary: 'Send a delivery to its webhook, or its mail, again with the same id',
      input: z.object({ deliveryId: Uuid }),
      output: DeliveryDetails,
      status: 202,
      async handle({ db, clock, actor }, { deliveryId }) {
        await replayDelivery(db, clock, actor, deliveryId)
        wake()
        return getDelivery(db, actor, deliveryId)
      },
    }),
  ]
}
