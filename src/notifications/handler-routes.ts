import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import { withCsv } from '../platform/http/csv.ts'
import { sortInput, sortWhole } from '../platform/http/list.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { decodeCursor, idOf, Instant, pageInput, pageOf, toPage, Uuid, Version } from '../platform/http/schemas.ts'
import { tenantOf } from '../tenants/index.ts'
import { EVENT_NAMES } from './catalogue.ts'
import { listPastEvents } from './event-view.ts'
import { countUnread, listNotices, markRead } from './notice-store.ts'
import { previewHandler, testHandler } from './preview-handler.ts'
import { effectiveHandlers } from './rules.ts'
import type { Places } from './run-handlers.ts'
import { changeHandler, createHandler, getHandler, handlersAt, removeHandler } from './save-handler.ts'
import { Channel, type EventHandler, Recipient, Templates } from './schema.ts'
import { ownerFor, sellersOf } from './sellers.ts'

const EventName = z.enum(EVENT_NAMES)

const HandlerView = z.object({
  id: z.string().meta({ description: 'A UUID; of a built-in handler its key' }),
  tenantId: Uuid.nullable().meta({ description: 'Whose it is; null: built in' }),
  origin: z.enum(['built_in', 'above', 'own', 'below']),
  name: z.string(),
  eventType: z.string(),
  channel: Channel,
  recipients: z.array(Recipient),
  addresses: z.array(z.string()),
  webhookId: Uuid.nullable(),
  condition: z.string(),
  templates: Templates,
  enabled: z.boolean(),
  delegated: z.boolean(),
  overrides: z.string().nullable(),
  version: Version,
})

const Input = {
  name: z.string().trim().min(1).max(200),
  eventType: EventName,
  channel: Channel,
  recipients: z.array(Recipient).max(3),
  addresses: z.array(z.email().max(254)).max(20),
  webhookId: Uuid.nullable(),
  condition: z
    .string()
    .max(2_000)
    .meta({
      description: 'Liquid, as inside `{% if … %}`; empty: always',
      examples: ["order.plan_id == '425' and account.country == 'US'"],
    }),
  templates: Templates.meta({ description: 'By language: {"en": {"subject", "body"}}, Liquid' }),
  enabled: z.boolean(),
  delegated: z.boolean().meta({ description: 'Applies to resellers below too' }),
}
const PartsView = z.object({
  heading: z.string().nullable(),
  paragraphs: z.array(z.string()).readonly(),
  facts: z.array(z.object({ label: z.string(), value: z.string() })).readonly(),
  button: z.object({ label: z.string(), url: z.string() }).nullable(),
})
type HandlerView = z.output<typeof HandlerView>
const SORTS = {
  name: ({ name }: HandlerView) => name,
  event_type: ({ eventType }: HandlerView) => eventType,
  channel: ({ channel }: HandlerView) => channel,
  origin: ({ origin }: HandlerView) => origin,
  status: ({ enabled }: HandlerView) => Number(enabled),
}
const Key = z.object({ handlerId: z.string().max(100) })
const TAG = 'event_handlers'

/** Event handlers, their preview, and the notices that come of them. */
export function handlerRoutes(places: Places): AnyRoute[] {
  return [
    ...withCsv(
      route({
        method: 'GET',
        path: '/api/v1/event-handlers',
        scope: 'event_handlers:read',
        tag: TAG,
        summary: 'List the event handlers that a reseller has: built in, from above, its own',
        description:
          'Those that something nearer stands in for are left out. `tenant_id`: a reseller below, the caller’s own by default.',
        input: z.object({
          tenantId: idOf<TenantId>().optional(),
          query: z.string().max(200).optional(),
          channel: Channel.optional(),
          eventType: EventName.optional(),
          ...sortInput({ keys: SORTS }),
        }),
        output: z.object({ items: z.array(HandlerView), nextCursor: z.null() }),
        async handle({ db, actor }, { tenantId, query, channel, eventType, sort }) {
          const owner = await ownerFor(db, actor, tenantId)
          const all = await handlersAt(db, owner.id)
          // Switched off ones are listed too: they say why something is not sent.
          const listed = effectiveHandlers(
            all.map((handler) => ({ ...handler, enabled: true, isOn: handler.enabled })),
            owner.path,
          ).map(({ isOn, ...handler }) => ({ ...handler, enabled: isOn }))
          const words = (query ?? '').toLowerCase()
          const items = listed.filter(
            (handler) =>
              (channel === undefined || handler.channel === channel) &&
              (eventType === undefined || handler.eventType === eventType) &&
              `${handler.name} ${handler.eventType}`.toLowerCase().includes(words),
          )
          return {
            items: sortWhole(
              items.map((handler) => view(handler, owner)),
              sort,
              SORTS,
            ),
            nextCursor: null,
          }
        },
      }),
    ),
    route({
      method: 'POST',
      path: '/api/v1/event-handlers',
      scope: 'event_handlers:write',
      tag: TAG,
      summary: 'Add an event handler, or one that stands in for a built-in one or one from above',
      input: z.object({
        ...Input,
        tenantId: idOf<TenantId>().optional(),
        overrides: z.string().max(100).nullable().default(null),
        recipients: Input.recipients.default([]),
        addresses: Input.addresses.default([]),
        webhookId: Input.webhookId.default(null),
        condition: Input.condition.default(''),
        templates: Input.templates.default({}),
        enabled: z.boolean().default(true),
        delegated: Input.delegated.default(true),
      }),
      output: HandlerView,
      status: 201,
      handle: async ({ db, clock, actor }, input) => view(await createHandler(db, clock, actor, input), actor),
    }),
    route({
      method: 'GET',
      path: '/api/v1/event-handlers/:handlerId',
      scope: 'event_handlers:read',
      tag: TAG,
      summary: 'Read an event handler',
      input: Key,
      output: HandlerView,
      handle: async ({ db, actor }, { handlerId }) => view(await getHandler(db, actor, handlerId), actor),
    }),
    route({
      method: 'PATCH',
      path: '/api/v1/event-handlers/:handlerId',
      scope: 'event_handlers:write',
      tag: TAG,
      summary: 'Change an event handler of your own',
      input: Key.extend(z.object(Input).partial().shape),
      output: HandlerView,
      async handle({ db, clock, actor, request }, { handlerId, ...given }) {
        const change = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
        return view(await changeHandler(db, clock, actor, handlerId, change, request.ifMatch), actor)
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/v1/event-handlers/:handlerId',
      scope: 'event_handlers:write',
      tag: TAG,
      summary: 'Delete an event handler of your own; what it stood in for applies again',
      input: Key,
      output: z.void(),
      status: 204,
      handle: ({ db, clock, actor, request }, { handlerId }) =>
        removeHandler(db, clock, actor, handlerId, request.ifMatch),
    }),
    route({
      method: 'POST',
      path: '/api/v1/event-handler-previews',
      scope: 'event_handlers:read',
      tag: TAG,
      summary: 'Show what a handler would send for a past event',
      description: 'The newest event of the type unless `event_id` names one; a made-up one where none has happened.',
      input: z.object({
        eventType: EventName,
        channel: Channel,
        condition: Input.condition.default(''),
        templates: Templates,
        language: z.string().max(35).default('en'),
        eventId: Uuid.optional(),
      }),
      output: z.object({
        event: z.object({ id: Uuid, at: Instant }).nullable(),
        matches: z.boolean(),
        subject: z.string().nullable(),
        html: z.string().nullable(),
        text: z.string().nullable(),
        parts: PartsView.nullable().meta({ description: 'What the text is made of, to be drawn' }),
        problem: z.string().nullable(),
        variables: z
          .array(z.object({ name: z.string(), value: z.string() }))
          .meta({ description: 'What condition and text may say, and what it is for this event' }),
      }),
      handle: ({ db, clock, actor }, input) => previewHandler(db, clock, places, actor, input),
    }),
    route({
      method: 'POST',
      path: '/api/v1/event-handlers/:handlerId/test',
      scope: 'event_handlers:write',
      tag: TAG,
      summary: 'Send the handler’s mail or notice to yourself, with a past event',
      input: Key.extend({ eventId: Uuid.optional() }),
      output: z.object({ sent: z.literal(true) }),
      status: 202,
      async handle({ db, clock, actor }, { handlerId, eventId }) {
        await testHandler(db, clock, places, actor, handlerId, eventId)
        return { sent: true as const }
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/events',
      scope: 'event_handlers:read',
      tag: TAG,
      summary: 'List past events of a type, newest first',
      input: z.object({ type: EventName, limit: z.coerce.number().int().min(1).max(50).default(20) }),
      output: z.object({
        items: z.array(z.object({ id: Uuid, at: Instant, subject: z.object({ kind: z.string(), id: z.string() }) })),
      }),
      async handle({ db, actor }, { type, limit }) {
        const events = await listPastEvents(db, await sellersOf(db, actor), type, limit)
        return { items: events.map(({ id, at, subject }) => ({ id, at, subject })) }
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/notices',
      scope: 'session:notices',
      tag: 'notices',
      summary: 'List the signed-in person’s notices, newest first',
      input: z.object({ ...pageInput, unread: z.enum(['true', 'false']).optional() }),
      output: pageOf(
        z.object({
          id: Uuid,
          title: z.string(),
          body: z.string(),
          url: z.string().nullable(),
          createdAt: Instant,
          readAt: Instant.nullable(),
        }),
      ).extend({ unread: z.int().meta({ description: 'How many are unread; 100 stands for more' }) }),
      async handle({ db, actor }, { cursor, limit, unread }) {
        const whose = { sellerId: actor.sellerId, userId: actor.id }
        const before = cursor === undefined ? undefined : decodeCursor(cursor, z.tuple([Uuid]))[0]
        const rows = await listNotices(db, whose, { before, limit: limit + 1, unread: unread === 'true' })
        return { ...toPage(rows, limit, ({ id }) => [id]), unread: await countUnread(db, whose) }
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/notices/read',
      scope: 'session:notices',
      tag: 'notices',
      summary: 'Mark a notice as read, or all of them',
      input: z.object({ id: Uuid.optional() }),
      output: z.object({ unread: z.int() }),
      async handle({ db, clock, actor }, { id }) {
        if (actor.kind !== 'user') throw new BuylinkError('forbidden', 'Notices are for people who sign in.')
        const whose = { sellerId: actor.sellerId, userId: actor.id }
        await markRead(db, whose, id, clock.now())
        return { unread: await countUnread(db, whose) }
      },
    }),
  ]
}

/** @param viewer Where it is looked at from. */
function view(
  { sellerId, key, endpointId, ownerPath, recipients, addresses, ...handler }: EventHandler,
  viewer: { readonly sellerId: string; readonly path: string },
): z.output<typeof HandlerView> {
  const isBelow = ownerPath !== null && ownerPath.startsWith(`${viewer.path}.`)
  const origin = sellerId === null ? 'built_in' : sellerId === viewer.sellerId ? 'own' : isBelow ? 'below' : 'above'
  return {
    ...handler,
    id: key,
    tenantId: sellerId === null ? null : tenantOf(sellerId),
    webhookId: endpointId,
    recipients: [...recipients],
    addresses: [...addresses],
    origin,
  }
}
