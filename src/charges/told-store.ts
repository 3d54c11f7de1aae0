import { sql } from 'kysely'
import type { SellerId, SubscriptionId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import { toJson } from '../platform/events/publish.ts'
import type { Period } from './rules.ts'

type Key = { readonly sellerId: SellerId; readonly id: SubscriptionId }

export interface NewTold {
  readonly id: string
  readonly subscriptionId: SubscriptionId
  readonly source: string
  readonly eventId: string
  readonly resourceId: string
  readonly at: Date
  readonly amount: string
  readonly netCost: string | null
}

/** Writes what is new of one seller; @returns the ids of what was, without those that are known by source and event. */
export async function insertTold(
  tx: Tx,
  sellerId: SellerId,
  told: readonly NewTold[],
  receivedAt: Date,
): Promise<Set<string>> {
  const rows = told.map(({ subscriptionId, eventId, resourceId, netCost, ...rest }) => ({
    ...rest,
    subscription: subscriptionId,
    event: eventId,
    resource: resourceId,
    net_cost: netCost,
  }))
  const { rows: written } = await sql<{ id: string }>`
    insert into told_amounts (seller_id, id, subscription_id, source, event_id, resource_id, at, received_at, amount, net_cost)
    select ${sellerId}::uuid, id, subscription, source, event, resource, at, ${receivedAt}::timestamptz, amount, net_cost
      from jsonb_to_recordset(${toJson(rows)}::jsonb)
        as t (id uuid, subscription uuid, source text, event text, resource bigint, at timestamptz, amount numeric, net_cost numeric)
     order by subscription, event
    on conflict (seller_id, subscription_id, source, event_id) do nothing
    returning id`.execute(tx)
  return new Set(written.map(({ id }) => id))
}

export interface Waiting {
  readonly id: string
  readonly resourceId: string
  readonly amount: string
}

/** What was told and is not charged yet, of a period and those before it, in the order it was consumed. */
export async function waitingTold(tx: Tx, { sellerId, id }: Key, { ends }: Period): Promise<Waiting[]> {
  const { rows } = await sql<Waiting>`
    select id, resource_id::text as "resourceId", amount::text from told_amounts
     where seller_id = ${sellerId} and subscription_id = ${id} and period is null
       and at < ${ends}::date::timestamp at time zone 'UTC'
     order by at, source, event_id`.execute(tx)
  return rows
}

/** Notes in which period it is charged, and at what factors. */
export async function markCharged(
  tx: Tx,
  { sellerId, id }: Key,
  told: readonly Waiting[],
  { period, factor, costs }: { readonly period: string; readonly factor: string; readonly costs: readonly string[] },
): Promise<void> {
  await sql`
    update told_amounts set period = ${period}::date, factor = ${factor}, factor_costs = ${[...costs]}::numeric[]
     where seller_id = ${sellerId} and subscription_id = ${id} and id = any(${told.map((each) => each.id)}::uuid[])`.execute(
    tx,
  )
}
