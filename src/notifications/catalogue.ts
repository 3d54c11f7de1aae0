import type { z } from 'zod'
import { BILLING } from './billing-events.ts'
import { CARDS } from './card-events.ts'
import { DUNNING } from './dunning-events.ts'
import { CREDIT } from './credit-events.ts'
import { RUNNING } from './running-events.ts'
import { SELLING } from './selling-events.ts'
import { SUBSCRIPTIONS } from './subscription-events.ts'

/**
 * Every event that handlers and webhooks can be told of: what it means, what it carries. The one list: OpenAPI's
 * `webhooks`, the portal and the documentation are made from it, and a test finds what is published and not in it.
 */
export const EVENT_TYPES = { ...SELLING, ...SUBSCRIPTIONS, ...CREDIT, ...RUNNING, ...BILLING, ...CARDS, ...DUNNING }

export type EventTypeName = keyof typeof EVENT_TYPES
// Object.keys forgets what it was given.
export const EVENT_NAMES = Object.keys(EVENT_TYPES).sort() as EventTypeName[]

/** Events that only this server's own parts hear of. */
export const INTERNAL_EVENTS: ReadonlySet<string> = new Set([
  'mail.queued',
  // One for each subscription and hour: more than anyone wants to be told of.
  'usage.charged',
  'provisioning.requested',
  'test_clock.move_requested',
  'provisioning.completed',
  'provisioning.failed',
])

/** What a test delivery is called; it is no event, so nobody subscribes to it. */
export const TEST_TYPE = 'webhook.test'

export const isPublicEvent = (type: string): type is EventTypeName => type in EVENT_TYPES

/** What of an event's data is not as the catalogue says; for tests. */
export function problemsOf(type: string, payload: unknown): string[] {
  if (!isPublicEvent(type)) return INTERNAL_EVENTS.has(type) ? [] : [`${type} is not in the catalogue`]
  const schema: z.ZodObject = EVENT_TYPES[type].payload
  const result = (schema.def.catchall ? schema : schema.strict()).safeParse(payload)
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${type} ${path.join('.')}: ${message}`)
}
