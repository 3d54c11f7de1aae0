import { sql } from 'kysely'
import type { SellerId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import type { Affected } from './price-change-store.ts'

/** Subscriptions of a plan that have periods to come, the oldest first. */
export async function renewingOf(tx: Tx, sellerId: SellerId, planId: string): Promise<Affected[]> {
  const { rows } = await sql<Affected>`
    select id, account_id as "accountId", plan_period_id::text as "planPeriodId", recurring_minor as "recurringMinor", currency
      from subscriptions
     where seller_id = ${sellerId} and plan_id = ${BigInt(planId)} and period_ends_at is not null and not trial and not ends_with_period
       and status in ('active', 'graced', 'updating', 'renewing', 'updating_failed')
     order by id`.execute(tx)
  return rows
}
