import { sql } from 'kysely'
import type { Clock } from '../kernel/time.ts'
import type { Db } from '../platform/db.ts'
import { livesBy } from '../platform/seller-clocks.ts'
import type { WebhookConnector } from './schema.ts'

/** A service that is asked for what was used. */
export interface Pull extends WebhookConnector {
  readonly pullMinutes: number
  /** The service's own word for how far it was asked; '' from the beginning. */
  readonly cursor: string
  /** Of its seller: it serves those below too. */
  readonly path: string
}

/** Services whose time has come, longest due first, of all sellers (a reviewed fan-out). */
export async function duePulls(db: Db, clock: Clock, limit: number): Promise<Pull[]> {
  const at = clock.now()
  const { rows } = await sql<Pull>`
    select c.seller_id as "sellerId", c.name, c.url, c.secret, c.deadline_minutes as "deadlineMinutes", c.pull_minutes as "pullMinutes", c.pull_failure as "pullFailure",
           c.pull_cursor as cursor, t.path::text as path
      from connectors c join tenants t on t.id = c.seller_id
     where c.pull_at <= ${at} and ${livesBy(clock, 'c.seller_id')}
     order by c.pull_at limit ${limit}`.execute(db)
  return rows
}

/** Notes how far a service was asked, unless somebody got further meanwhile, and when it is asked next. */
export async function savePull(
  db: Db,
  { sellerId, name, cursor: from }: Pull,
  change: { readonly cursor?: string; readonly failure: string; readonly pullAt: Date },
  at: Date,
): Promise<void> {
  await sql`
    update connectors set pull_cursor = ${change.cursor ?? from}, pull_failure = ${change.failure}, pull_at = ${change.pullAt}, updated_at = ${at}
     where seller_id = ${sellerId} and name = ${name} and pull_cursor = ${from} and pull_minutes is not null`.execute(
    db,
  )
}
