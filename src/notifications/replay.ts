import { BuylinkError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { tenantOf } from '../tenants/index.ts'
import { TEST_TYPE } from './catalogue.ts'
import { insertDelivery, replayDeliveries } from './delivery-store.ts'
import { getDelivery } from './delivery-view.ts'
import { listEventsSince } from './event-view.ts'
import { endpointDelivery } from './fan-out-webhooks.ts'
import { wantsEvent } from './rules.ts'
import { getEndpoint } from './save-endpoint.ts'
import type { DeliveryId, WebhookEndpoint, WebhookId } from './schema.ts'
import { testBody } from './webhook-body.ts'

/** What one replay looks through at most; a later one goes on from there. */
const MAX_EVENTS = 10_000

/**
 * Sends a finished delivery again, with the same `webhook-id`, and three days for it.
 *
 * @throws {BuylinkError} `not_found`; `conflict`: no webhook, or it is switched off.
 */
export async function replayDelivery(db: Db, clock: Clock, actor: Principal, id: DeliveryId): Promise<void> {
  const delivery = await getDelivery(db, actor, id)
  if (delivery.channel !== 'webhook' || delivery.webhookId === null)
    throw new BuylinkError('conflict', 'Mails and notices are not sent twice. Find the mail in the outbox.')
  assertOn(await getEndpoint(db, actor, delivery.webhookId))
  await transaction(db, async (tx) => {
    const at = clock.now()
    await replayDeliveries(tx, { sellerId: delivery.sellerId, at, id })
    await audit(tx, { ...about(actor, delivery.sellerId, delivery.webhookId ?? '', at), action: 'delivery.replay' })
  })
}

/**
 * Sends a webhook everything since an instant: again what it got or failed to, with the ids it had, and for the first
 * time what happened while it was switched off or not there yet.
 *
 * @returns How many deliveries wait now.
 * @throws {BuylinkError} `not_found`; `conflict`: it is switched off.
 */
export async function replaySince(db: Db, clock: Clock, actor: Principal, id: WebhookId, since: Date): Promise<number> {
  const endpoint = await getEndpoint(db, actor, id)
  assertOn(endpoint)
  const { sellerId } = endpoint
  const events = await listEventsSince(db, sellerId, since, MAX_EVENTS)
  return transaction(db, async (tx) => {
    const at = clock.now()
    let count = await replayDeliveries(tx, { sellerId, at, endpointId: id, since })
    for (const event of events.filter(({ type }) => wantsEvent(endpoint.eventTypes, type)))
      if (await insertDelivery(tx, endpointDelivery(endpoint, event, at))) count++
    const details = { since: since.toISOString(), count }
    await audit(tx, { ...about(actor, sellerId, id, at), action: 'webhook.replay', details })
    return count
  })
}

/** Sends a message that says it is a test. @returns The delivery, to watch. */
export async function testEndpoint(db: Db, clock: Clock, actor: Principal, id: WebhookId): Promise<DeliveryId> {
  const endpoint = await getEndpoint(db, actor, id)
  assertOn(endpoint)
  return transaction(db, async (tx) => {
    const at = clock.now()
    const deliveryId = newId<DeliveryId>(at.getTime())
    await insertDelivery(tx, {
      sellerId: endpoint.sellerId,
      id: deliveryId,
      eventId: newId(at.getTime()),
      eventType: TEST_TYPE,
      subject: { kind: 'webhook', id: deliveryId },
      tenantId: tenantOf(endpoint.sellerId),
      channel: 'webhook',
      target: `endpoint ${id}`,
      handler: null,
      endpointId: id,
      body: testBody(TEST_TYPE, at, id),
      status: 'waiting',
      correlationId: actor.correlationId,
      at,
    })
    return deliveryId
  })
}

function assertOn(endpoint: WebhookEndpoint): void {
  if (!endpoint.enabled) throw new BuylinkError('conflict', 'This webhook is switched off: switch it on first.')
}

const about = (actor: Principal, sellerId: string, webhookId: WebhookId, at: Date) => ({
  sellerId,
  subject: { kind: 'webhook', id: webhookId },
  tenantId: tenantOf(sellerId),
  actor,
  correlationId: actor.correlationId,
  at,
})
