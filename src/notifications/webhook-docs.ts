import { z } from 'zod'
import type { WebhookDoc } from '../platform/http/openapi.ts'
import { EVENT_NAMES, EVENT_TYPES } from './catalogue.ts'

/** What a webhook's body has beside `data`. */
const Envelope = z.object({
  timestamp: z.iso.datetime().meta({ description: 'When it happened' }),
  event_id: z.uuid().meta({ description: 'Ascends with time: events of one subject can be put in order by it' }),
  subject: z.object({ kind: z.string(), id: z.string() }).meta({ description: 'What it is about' }),
  seller_id: z.uuid().meta({ description: 'The reseller, or the operator, in whose books it happened' }),
  tenant_id: z.uuid().nullable().meta({ description: 'The account or other tenant it is about' }),
  correlation_id: z.uuid().meta({ description: 'Follows what one intent causes' }),
})

/** The event catalogue as OpenAPI's `webhooks`. New fields may be added to any of them. */
export const webhookDocs = (): WebhookDoc[] =>
  EVENT_NAMES.map((type) => {
    const { summary, payload, example } = EVENT_TYPES[type]
    const data = payload.meta({ examples: [example] })
    const body = z.toJSONSchema(Envelope.extend({ type: z.literal(type), data }), { io: 'input' })
    const { $schema: _dialect, ...schema } = body
    return { type, summary, body: schema }
  })
