import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import { BadLine } from '../platform/http/body.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import type { Principal } from '../platform/actor.ts'
import { type ReadEvent, readEvent } from './read-event.ts'
import type { UsageReport } from './schema.ts'

const MAX_EVENTS = 10_000
const MAX_BYTES = 8 * 1_048_576

/** What becomes of reports; quotas, above, fold them and let alerts follow. */
export type ReportUsage = (
  actor: Principal,
  reports: readonly UsageReport[],
) => Promise<readonly ('accepted' | 'duplicate' | 'unknown_tenant')[]>

const Result = z.object({
  id: z.string().nullable().meta({ description: 'The event’s own `id`' }),
  source: z.string().nullable(),
  result: z.enum(['accepted', 'duplicate', 'refused']),
  message: z.string().nullable().meta({ description: 'Why it was refused' }),
})

export const usageRoutes = (report: ReportUsage): AnyRoute[] => [
  route({
    method: 'POST',
    path: '/api/v1/usage',
    scope: 'usage:write',
    summary: 'Report usage as CloudEvents',
    description: [
      'One event (`application/cloudevents+json` or `application/json`), a batch (`application/cloudevents-batch+json` or a JSON list) or a line each (`application/x-ndjson`); up to 10,000 events and 8 MiB.',
      '`subject` is the UUID of the tenant, `time` is required, `data` is `{"usage_name", "delta"}` or `{"usage_name", "value"}`: a value counts by the latest `time`, deltas after it are added. The same `source` and `id` again changes nothing, so send again what was not answered.',
      'Each event has its own result, in the order sent; what is wrong with one keeps no other back. A single event that is refused answers 400.',
    ].join('\n\n'),
    input: z.object({ events: z.array(z.unknown()).max(MAX_EVENTS, `Send at most ${MAX_EVENTS} events at once`) }),
    output: z.object({ items: z.array(Result) }),
    status: 202,
    list: 'events',
    bodyLimit: MAX_BYTES,
    async handle({ actor, clock }, { events }) {
      const now = clock.now()
      const read = events.map(
        (event): ReadEvent => (event instanceof BadLine ? { problem: event.message } : readEvent(event, now)),
      )
      const reports = read.flatMap((event) => ('problem' in event ? [] : [event]))
      const results = reports.length > 0 ? await report(actor, reports) : []
      let at = 0
      const items = read.map((event, index): z.output<typeof Result> => {
        if ('problem' in event) return refused(events[index], event.problem)
        const result = results[at++] ?? 'unknown_tenant'
        if (result === 'unknown_tenant') return refused(events[index], 'subject: there is no such tenant')
        return { id: event.eventId, source: event.source, result, message: null }
      })
      const [only] = items
      if (only?.message != null && items.length === 1)
        throw new BuylinkError('invalid_request', `The event is refused: ${only.message}.`, {
          problems: [{ path: 'event', code: 'refused', message: only.message }],
        })
      return { items }
    },
  }),
]

const refused = (event: unknown, message: string): z.output<typeof Result> => {
  const given = typeof event === 'object' && event !== null ? event : {}
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return {
    id: 'id' in given ? text(given.id) : null,
    source: 'source' in given ? text(given.source) : null,
    result: 'refused',
    message,
  }
}
