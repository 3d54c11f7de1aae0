import { z } from 'zod'
import { Amount, Instant, pageInput, pageOf, Uuid } from '../platform/http/schemas.ts'

/** What came of time, as a list shows it: an event, a booking of usage, or a mail. */
export const HappeningKind = z.enum(['event', 'charge', 'mail'])

export const HappeningView = z.object({
  id: Uuid,
  kind: HappeningKind,
  at: Instant.meta({ description: 'By the reseller’s clock' }),
  type: z.string().meta({ description: 'Of the event, or of the posting: `usage_blocked`, `usage_charged`, …' }),
  summary: z.string().meta({ description: 'What that means; the subject of a mail' }),
  tenant: z.object({ id: Uuid, name: z.string() }).nullable(),
  subject: z.object({ kind: z.string(), id: z.string() }).nullable(),
  amount: Amount.nullable(),
  recipient: z.string().nullable().meta({ description: 'Of a mail' }),
})
export const HappeningList = pageOf(HappeningView)
export const HappeningQuery = z.object({
  ...pageInput,
  kind: HappeningKind.optional(),
  since: Instant.optional().meta({ description: 'By default where the latest move began' }),
})

export const TestClockView = z.object({
  reseller: z.object({ id: Uuid, name: z.string() }),
  now: Instant.meta({ description: 'The reseller’s time; it stands still' }),
  target: Instant.meta({ description: 'Where it is moving to; `now` once it is there' }),
  from: Instant.nullable().meta({ description: 'Where the latest move began; null before the first' }),
  isMoving: z.boolean().meta({ description: 'Until all that was due on the way is done' }),
})
