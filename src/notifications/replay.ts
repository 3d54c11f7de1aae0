import { BuylinkError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { requeueMail } from '../platform/mail/queue-mail.ts'
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
 * Sends a finished delivery again, with the id it had (`webhook-id`, or a mail's Message-ID), and three days for it.
 *
 * @throws {BuylinkError} `not_found`; `conflict`: a notice, one that was never written, or a webhook that is switched off.
 */
export async function replayDelivery(db: Db, clock: Clock, actor: Principal, id: DeliveryId): Promise<void> {
  const { sellerId, webhookId, mailId } = await getDelivery(db, actor, id)
  if (webhookId !== null) assertOn(await getEndpoint(db, actor, webhookId))
  else if (mailId === null) throw new BuylinkError('conflict', 'There is nothing that could be sent again.')
  await transaction(db, async (tx) => {
    const at = clock.now()
    const { correlationId } = actor
    if (mailId !== null) await requeueMail(tx, { sellerId, id: mailId, correlationId, at })
    else await replayDeliveries(tx, { sellerId, at, id })
    await audit(tx, {
      sellerId,
      subject: webhookId === null ? { kind: 'mail', id: mailId ?? '' } : { kind: 'webhook', id: webhookId },
      tenantId: tenantOf(sellerId),
      actor,
      correlationId,
      at,
      action: 'delivery.replay',
    })
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
