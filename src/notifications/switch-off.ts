import type { CorrelationId, SellerId } from '../kernel/ids.ts'
import type { ActorLabel } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { tenantOf } from '../tenants/index.ts'
import { cancelWaiting } from './delivery-store.ts'
import { lockEndpoint, updateEndpoint } from './endpoint-store.ts'
import type { WebhookId } from './schema.ts'

/** A receiver that answered 410 Gone gets no more. Publishes `webhook.disabled`, of which its owner is told. */
export async function switchOff(
  tx: Tx,
  actor: ActorLabel & { readonly correlationId: CorrelationId },
  sellerId: SellerId,
  endpointId: WebhookId,
  at: Date,
): Promise<void> {
  const endpoint = await lockEndpoint(tx, sellerId, endpointId)
  if (!endpoint?.enabled) return
  await updateEndpoint(tx, { ...endpoint, enabled: false, disabledReason: 'gone' }, at)
  await cancelWaiting(tx, sellerId, endpointId, 'The webhook was switched off: its receiver answered 410', at)
  const about = {
    sellerId,
    subject: { kind: 'webhook', id: endpointId },
    tenantId: tenantOf(sellerId),
    actor,
    correlationId: actor.correlationId,
    at,
  }
  await publish(tx, { ...about, type: 'webhook.disabled', payload: { webhook_id: endpointId, url: endpoint.url } })
  await audit(tx, { ...about, action: 'webhook.disable', details: { reason: 'gone' } })
}
