import { sql } from 'kysely'
import { z } from 'zod'
import type { CorrelationId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { Instant, Uuid } from '../platform/http/schemas.ts'
import { visibleTo } from '../tenants/index.ts'

/** What was caused by one thing, in the order in which it happened. */
export const TimelineView = z.object({
  correlationId: Uuid,
  items: z.array(
    z.object({
      id: Uuid,
      type: z.string().meta({ description: 'What happened: `quota.exceeded`, `order.placed`, …' }),
      subject: z.object({ kind: z.string(), id: z.string() }),
      by: z.enum(['user', 'api_client', 'system', 'anonymous']),
      at: Instant,
    }),
  ),
})
export type TimelineView = z.output<typeof TimelineView>

/** More than a chain of one intent ever has. */
const MOST = 500

/**
 * All that happened under one correlation id, as far as the caller sees whom it concerns: usage, alert, offer, order,
 * payment, quota. A customer reads its own part, staff that of the tenants below them.
 */
export async function findTimeline(db: Db, actor: Principal, correlationId: CorrelationId): Promise<TimelineView> {
  const { rows: items } = await sql<TimelineView['items'][number]>`
    select e.id, e.type, jsonb_build_object('kind', e.subject_kind, 'id', e.subject_id) as subject, e.actor->>'kind' as by,
           e.occurred_at as at
      from events e join tenants t on t.id = e.tenant_id
     where e.correlation_id = ${correlationId} and ${visibleTo(actor, 't')}
       and (e.seller_id = ${actor.sellerId}
            or e.seller_id in (select below.id from tenants below where below.kind = 'partner' and below.path <@ ${actor.path}::ltree))
       and (${actor.onlyManagerId}::uuid is null or exists (
             select 1 from accounts a join tenants c on c.id = a.tenant_id
              where a.seller_id = e.seller_id and t.path <@ c.path and a.manager_id = ${actor.onlyManagerId}::uuid))
     order by e.occurred_at, e.id limit ${MOST}`.execute(db)
  return { correlationId, items }
}
