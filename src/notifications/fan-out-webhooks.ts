import { newId, type SellerId } from '../kernel/ids.ts'
import { type Db, transaction } from '../platform/db.ts'
import type { StoredEvent } from '../platform/events/schema.ts'
import { insertDelivery } from './delivery-store.ts'
import { listHearing } from './endpoint-store.ts'
import { wantsEvent } from './rules.ts'
import type { WebhookEndpoint } from './schema.ts'
import { webhookBody } from './webhook-body.ts'

/** Whose webhooks may hear of an event: the seller's, and those above it that see it. */
export interface Hearing {
  readonly sellerId: SellerId
  readonly above: readonly SellerId[]
}

/** Makes a delivery for every webhook that asked for the event, once. */
export async function fanOutWebhooks(db: Db, event: StoredEvent, hearing: Hearing, at: Date): Promise<void> {
  const endpoints = await listHearing(db, hearing.sellerId, hearing.above)
  const wanted = endpoints.filter((endpoint) => wantsEvent(endpoint.eventTypes, event.type))
  // One transaction, one seller.
  for (const [, own] of Map.groupBy(wanted, ({ sellerId }) => sellerId))
    await transaction(db, async (tx) => {
      for (const endpoint of own) await insertDelivery(tx, endpointDelivery(endpoint, event, at))
    })
}

export const endpointDelivery = (endpoint: WebhookEndpoint, event: StoredEvent, at: Date) => ({
  sellerId: endpoint.sellerId,
  id: newId(at.getTime()),
  eventId: event.id,
  eventType: event.type,
  subject: event.subject,
  tenantId: event.tenantId,
  channel: 'webhook' as const,
  target: `endpoint ${endpoint.id}`,
  handler: null,
  endpointId: endpoint.id,
  body: webhookBody(event),
  status: 'waiting' as const,
  correlationId: event.correlationId,
  at,
})
