import type { StoredEvent } from '../platform/events/schema.ts'
import type { TEST_TYPE } from './catalogue.ts'

/**
 * What a webhook receives (Standard Webhooks: `type`, `timestamp`, `data`), as the event was when it happened. Its
 * `event_id` ascends with time, so a receiver can put events of one subject in order.
 */
export const webhookBody = (event: StoredEvent, data: unknown = event.payload): string =>
  JSON.stringify({
    type: event.type,
    timestamp: event.at.toISOString(),
    data,
    event_id: event.id,
    subject: event.subject,
    seller_id: event.sellerId,
    tenant_id: event.tenantId,
    correlation_id: event.correlationId,
  })

/** A body that nobody takes for something that happened. */
export const testBody = (type: typeof TEST_TYPE, at: Date, webhookId: string): string =>
  JSON.stringify({ type, timestamp: at.toISOString(), data: { webhook_id: webhookId, test: true } })
