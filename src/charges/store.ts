import { sql } from 'kysely'
import { invariant } from '../kernel/errors.ts'
import type { Tx } from '../platform/db.ts'
import { toJson } from '../platform/events/publish.ts'
import type { Period } from './rules.ts'
import type { ConsumptionRecord, MeteredSubscription, Rating } from './schema.ts'

type Key = Pick<MeteredSubscription, 'sellerId' | 'id'>

/** Locks how far a subscription is rated; makes it, begun at `start`, where it never was. */
export async function lockRating(tx: Tx, { sellerId, id }: Key, start: Rating): Promise<Rating> {
  const lock = async (): Promise<Rating | undefined> => {
    const { rows } = await sql<Omit<Rating, 'period'> & Period>`
      select rated_until as "ratedUntil", period::text as starts, period_ends::text as ends, seen_at as "seenAt", corrections from ratings
       where seller_id = ${sellerId} and subscription_id = ${id} for update`.execute(tx)
    if (!rows[0]) return undefined
    const { starts, ends, ...rating } = rows[0]
    return { ...rating, period: { starts, ends } }
  }
  const found = await lock()
  if (found) return found
  await sql`
    insert into ratings (seller_id, subscription_id, rated_until, period, period_ends, seen_at, corrections)
    values (${sellerId}, ${id}, ${start.ratedUntil}, ${start.period.starts}::date, ${start.period.ends}::date, ${start.seenAt}, 0)
    on conflict do nothing`.execute(tx)
  const made = await lock()
  invariant(made, 'the rating was just made')
  return made
}

export async function saveRating(tx: Tx, { sellerId, id }: Key, rating: Rating): Promise<void> {
  await sql`
    update ratings set rated_until = ${rating.ratedUntil}, period = ${rating.period.starts}::date, period_ends = ${rating.period.ends}::date, seen_at = ${rating.seenAt},
           corrections = ${rating.corrections}
     where seller_id = ${sellerId} and subscription_id = ${id}`.execute(tx)
}

/** What is on record of some hours, corrections included. */
export async function recordsOf(tx: Tx, { sellerId, id }: Key, hours: readonly Date[]): Promise<ConsumptionRecord[]> {
  const { rows } = await sql<ConsumptionRecord>`
    select resource_id::text as "resourceId", hour, corrects, period::text, quantity, per_unit as "perUnit", unit_price as "unitPrice",
           unit_costs::text[] as "unitCosts"
      from consumption_records
     where seller_id = ${sellerId} and subscription_id = ${id} and hour = any(${[...hours]}::timestamptz[])`.execute(tx)
  return rows
}

/** Writes hours of the open period anew, and corrections beside those of closed ones. */
export async function writeRecords(
  tx: Tx,
  { sellerId, id }: Key,
  records: readonly ConsumptionRecord[],
): Promise<void> {
  if (records.length === 0) return
  const rows = records.map((record) => ({
    resource: record.resourceId,
    hour: record.hour,
    corrects: record.corrects,
    period: record.period,
    quantity: record.quantity,
    per_unit: record.perUnit,
    price: record.unitPrice,
    costs: record.unitCosts,
  }))
  await sql`
    insert into consumption_records (seller_id, subscription_id, resource_id, hour, corrects, period, quantity, per_unit, unit_price, unit_costs)
    select ${sellerId}::uuid, ${id}::uuid, resource, hour, corrects, period, quantity, per_unit, price, costs
      from jsonb_to_recordset(${toJson(rows)}::jsonb)
        as r (resource bigint, hour timestamptz, corrects integer, period date, quantity bigint, per_unit bigint, price numeric, costs numeric[])
    on conflict (seller_id, subscription_id, resource_id, hour, corrects) do update set quantity = excluded.quantity`.execute(
    tx,
  )
}

export interface StoredCharge {
  readonly resourceId: string
  readonly exact: bigint
  readonly perUnit: bigint
  readonly netMinor: bigint
  readonly taxMinor: bigint
  readonly basisPoints: number
}

/** The charges of a period that still hold funds. */
export async function blockedCharges(tx: Tx, { sellerId, id }: Key, period: string): Promise<StoredCharge[]> {
  const { rows } = await sql<Omit<StoredCharge, 'exact'> & { exact: string }>`
    select resource_id::text as "resourceId", exact::text, per_unit as "perUnit", net_minor as "netMinor", tax_minor as "taxMinor",
           tax_basis_points as "basisPoints"
      from charges
     where seller_id = ${sellerId} and subscription_id = ${id} and period = ${period}::date and status = 'blocked'
     order by resource_id`.execute(tx)
  return rows.map((row) => ({ ...row, exact: BigInt(row.exact) }))
}

export async function writeCharges(
  tx: Tx,
  subscription: MeteredSubscription,
  period: Period,
  charges: readonly StoredCharge[],
  at: Date,
): Promise<void> {
  if (charges.length === 0) return
  const { sellerId, id, accountId, currency } = subscription
  const rows = charges.map((charge) => ({
    resource: charge.resourceId,
    exact: charge.exact,
    per_unit: charge.perUnit,
    net: charge.netMinor,
    tax: charge.taxMinor,
    points: charge.basisPoints,
  }))
  await sql`
    insert into charges (seller_id, subscription_id, resource_id, period, period_ends, account_id, status, exact, per_unit, currency, net_minor,
                         tax_minor, tax_basis_points, created_at, updated_at)
    select ${sellerId}::uuid, ${id}::uuid, resource, ${period.starts}::date, ${period.ends}::date, ${accountId}::uuid, 'blocked', exact, per_unit, ${currency}::text,
           net, tax, points, ${at}::timestamptz, ${at}::timestamptz
      from jsonb_to_recordset(${toJson(rows)}::jsonb)
        as c (resource bigint, exact numeric, per_unit bigint, net bigint, tax bigint, points integer)
    on conflict (seller_id, subscription_id, resource_id, period)
    do update set exact = excluded.exact, net_minor = excluded.net_minor, tax_minor = excluded.tax_minor,
                  updated_at = excluded.updated_at`.execute(tx)
}

export async function closeCharges(tx: Tx, { sellerId, id }: Key, period: string, at: Date): Promise<void> {
  await sql`
    update charges set status = 'closed', closed_at = ${at}, updated_at = ${at}
     where seller_id = ${sellerId} and subscription_id = ${id} and period = ${period}::date and status = 'blocked'`.execute(
    tx,
  )
}
