import { sql } from 'kysely'
import { z } from 'zod'
import { accountVisibleTo } from '../accounts/index.ts'
import { DAY_MS } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { Amount } from '../platform/http/schemas.ts'

export const SalesQuery = z.object({
  days: z.coerce.number().int().min(1).max(366).default(30).meta({ description: 'Until now' }),
})

/** How a reseller's own customers came and bought lately. */
export const SalesView = z.object({
  days: z.int(),
  accounts: z.int().meta({ description: 'Accounts that came to be' }),
  checkouts: z.int().meta({ description: 'Orders that were begun' }),
  orders: z.int().meta({ description: 'Sales orders that were placed' }),
  paidOrders: z.int().meta({ description: 'Those of them that are completed' }),
  received: z.array(Amount).meta({ description: 'Payments that were completed, top-ups included: one sum a currency' }),
})

interface Row {
  readonly accounts: number
  readonly checkouts: number
  readonly orders: number
  readonly paidOrders: number
  readonly received: readonly { readonly minor: string; readonly currency: string }[]
}

/** Of the caller's own seller, as far as the caller sees its accounts; a sales manager those attributed to them. */
export async function viewSales(
  db: Db,
  actor: Principal,
  { days }: z.output<typeof SalesQuery>,
  now: Date,
): Promise<z.output<typeof SalesView>> {
  const [seller, since] = [actor.sellerId, new Date(now.getTime() - days * DAY_MS)]
  const { rows } = await sql<Row>`
    with seen as materialized (
      select a.tenant_id as id, a.created_at from accounts a join tenants t on t.id = a.tenant_id
       where a.seller_id = ${seller} and ${accountVisibleTo(actor)}
    ), placed as (
      select o.status from orders o
       where o.seller_id = ${seller} and o.type = 'sales' and o.created_at >= ${since} and o.account_id in (select id from seen)
    )
    select (select count(*)::int from seen where created_at >= ${since}) as accounts,
           (select count(*)::int from checkouts c
             where c.seller_id = ${seller} and c.created_at >= ${since} and c.account_id in (select id from seen)) as checkouts,
           (select count(*)::int from placed) as orders,
           (select count(*)::int from placed where status = 'completed') as "paidOrders",
           (select coalesce(jsonb_agg(jsonb_build_object('minor', sum::text, 'currency', currency) order by currency), '[]') from (
              select p.currency, sum(p.total_minor - p.refunded_minor) as sum from payments p
               where p.seller_id = ${seller} and p.status = 'completed' and p.closed_at >= ${since}
                 and p.account_id in (select id from seen) group by p.currency) sums) as received`.execute(db)
  const [row] = rows
  if (!row) throw new Error('A select without from gave no row')
  const received = row.received.map(({ minor, currency }) => ({ amountMinor: BigInt(minor), currency }))
  return { ...row, days, received }
}
