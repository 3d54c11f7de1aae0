import type { Receiver } from '../test/harness/receiver.ts'
import { asking } from './quiet.ts'
import type { Tally } from './tally.ts'

/** What the webhook of the run asks for. */
export const EVENT_TYPES = [
  'manager.created',
  'order.cancelled',
  'order.completed',
  'order.placed',
  'payment.completed',
  'payment.received',
  'payment.requested',
  'quota.almost_reached',
  'quota.cleared',
  'quota.exceeded',
  'subscription.activated',
] as const

/** To a receiver that honours `webhook-id`, every delivery came, its copies are equal, and each event has one id. */
export const checkDeliveries = (address: string, { received }: Receiver, tally: Tally): Promise<void> =>
  asking(address, async (client) => {
    const { rows } = await client.query<{ id: string; event_id: string; event_type: string }>(
      `select id, event_id, event_type from deliveries where channel = 'webhook' and status = 'delivered'`,
    )
    const byId = Map.groupBy(received, ({ id }) => id)
    for (const { id, event_type } of rows)
      if (!byId.has(id)) tally.problem('lost', `${event_type} ${id} is noted as delivered and never came`)
    for (const [id, copies] of byId)
      if (new Set(copies.map(({ text }) => text)).size > 1) tally.problem('wrong', `copies of webhook ${id} differ`)
    const events = [...byId.values()].map(([first]) => first?.body.event_id)
    if (new Set(events).size !== events.length) tally.problem('doubled', 'an event came under two webhook ids')
    tally.count('webhooks', byId.size)
    tally.count('webhook_copies', received.length - byId.size)
  })
