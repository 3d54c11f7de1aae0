import type { Subscriber } from '../platform/events/subscriber.ts'
import { type Connectors, MAX_ATTEMPTS, provision } from './provision.ts'

/** Carries out what `provisioning.requested` asks for. */
export const createProvisioningSubscriber = (connectors: Connectors): Subscriber => ({
  name: 'provision',
  on: ['provisioning.requested'],
  // One more than the task counts: the last try records the failure instead of throwing.
  maxAttempts: MAX_ATTEMPTS + 1,
  handle: (event, { db, clock }) => provision(db, clock, connectors, event.sellerId, String(event.payload['task_id'])),
})
