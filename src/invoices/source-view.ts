import { sql } from 'kysely'
import { type Taxed, taxRateFor } from '../catalog/rules.ts'
import type { AppliedTax, TaxRate } from '../catalog/schema.ts'
import type { CorrelationId, OrderId, PaymentId, SellerId, SubscriptionId } from '../kernel/ids.ts'
import type { OrderSnapshot, OrderType } from '../orders/schema.ts'
import type { Clock } from '../kernel/time.ts'
import type { Db, Tx } from '../platform/db.ts'
import { livesBy } from '../platform/seller-clocks.ts'
import type { ConsumedLine, OrderedLine } from './rules.ts'
import { SOURCES } from './rules.ts'
import type { IncomePosting } from './schema.ts'

const POSTINGS = sql`
  select p.id, p.seller_id as "sellerId", p.kind, p.natural_key as "naturalKey", p.account_id as "accountId", p.order_id as "orderId",
         p.payment_id as "paymentId", p.correlation_id as "correlationId", min(e.currency) as currency,
         coalesce(-sum(e.amount_minor) filter (where a.kind = 'revenue'), 0)::bigint as "netMinor",
         coalesce(-sum(e.amount_minor) filter (where a.kind = 'tax'), 0)::bigint as "taxMinor"
    from ledger_postings p
    join ledger_entries e on e.seller_id = p.seller_id and e.posting_id = p.id
    join ledger_accounts a on a.seller_id = e.seller_id and a.id = e.ledger_account_id`

const UNDOCUMENTED = sql`
  a.kind in ('revenue', 'tax') and p.kind = any(${Object.keys(SOURCES)}::text[]) and p.account_id is not null
  and not exists (select from invoices i where i.seller_id = p.seller_id and i.posting_id = p.id)
  group by p.seller_id, p.id having sum(e.amount_minor) <> 0`

/** Income that one cause moved and that no document states yet, oldest first. */
export async function undocumentedOf(
  db: Db | Tx,
  sellerId: SellerId,
  correlationId: CorrelationId,
): Promise<IncomePosting[]> {
  const { rows } = await sql<IncomePosting>`
    ${POSTINGS} where p.seller_id = ${sellerId} and p.correlation_id = ${correlationId} and ${UNDOCUMENTED} order by p.id`.execute(
    db,
  )
  return rows
}

/** The same of all sellers that live by a clock, since a moment (a reviewed fan-out). */
export async function undocumentedSince(db: Db, clock: Clock, since: Date, limit: number): Promise<IncomePosting[]> {
  const { rows } = await sql<IncomePosting>`
    ${POSTINGS} where p.occurred_at >= ${since} and ${livesBy(clock, 'p.seller_id')} and ${UNDOCUMENTED} order by p.id limit ${limit}`.execute(
    db,
  )
  return rows
}

export interface InvoicedOrder {
  readonly number: string
  readonly type: OrderType
  readonly subscriptionId: SubscriptionId
  readonly netMinor: bigint
  readonly taxMinor: bigint
  readonly snapshot: OrderSnapshot
  readonly paymentId: PaymentId | null
  readonly paymentModel: 'prepay' | 'postpay'
  readonly lines: readonly OrderedLine[]
}

export async function findInvoicedOrder(
  db: Db | Tx,
  sellerId: SellerId,
  orderId: OrderId,
): Promise<InvoicedOrder | undefined> {
  const { rows } = await sql<Omit<InvoicedOrder, 'lines'>>`
    select o.number, o.type, o.subscription_id as "subscriptionId", o.net_minor as "netMinor", o.tax_minor as "taxMinor", o.snapshot,
           p.id as "paymentId", o.snapshot->>'payment_model' as "paymentModel"
      from orders o
      left join payments p on p.seller_id = o.seller_id and p.order_id = o.id and p.purpose = 'order'
     where o.seller_id = ${sellerId} and o.id = ${orderId}`.execute(db)
  const order = rows[0]
  if (!order) return undefined
  const { rows: lines } = await sql<OrderedLine>`
    select kind, description, quantity, months::text, unit_minor as "unitMinor", net_minor as "netMinor", tax_minor as "taxMinor"
      from order_lines where seller_id = ${sellerId} and order_id = ${orderId} order by position`.execute(db)
  return { ...order, lines }
}

export interface InvoicedUsage {
  readonly subscriptionId: SubscriptionId
  readonly name: string
  /** First day of the month, and of the next one. */
  readonly starts: string
  readonly ends: string
  readonly lines: readonly ConsumedLine[]
}

/** What a posting of `usage_charged:{subscription}:{first day}` was for. */
export async function findInvoicedUsage(
  db: Db | Tx,
  sellerId: SellerId,
  naturalKey: string,
): Promise<InvoicedUsage | undefined> {
  const [, subscriptionId, period] = naturalKey.split(':')
  const { rows } = await sql<ConsumedLine & { name: string; ends: string }>`
    select s.name, c.period_ends::text as ends, coalesce(r.name, s.name) as description, c.tax_basis_points as "taxBasisPoints",
           c.net_minor as "netMinor", c.tax_minor as "taxMinor", coalesce(u.quantity, 1)::text as quantity, u.price::text as "unitPrice"
      from charges c
      join subscriptions s on s.seller_id = c.seller_id and s.id = c.subscription_id
      left join plan_resources r on r.id = c.resource_id
      left join lateral (
        select round(sum(x.quantity)::numeric / c.per_unit, 3) as quantity,
               case when min(x.unit_price) = max(x.unit_price) then trim_scale(min(x.unit_price)) end as price
          from consumption_records x
         where x.seller_id = c.seller_id and x.subscription_id = c.subscription_id and x.resource_id = c.resource_id
           and x.period = c.period
      ) u on true
     where c.seller_id = ${sellerId} and c.subscription_id = ${subscriptionId}::uuid and c.period = ${period}::date
       and c.status = 'closed' and (c.net_minor <> 0 or c.tax_minor <> 0)
     order by r.position nulls first, c.resource_id`.execute(db)
  const [first] = rows
  if (!first || !subscriptionId || !period) return undefined
  return {
    subscriptionId: subscriptionId as SubscriptionId,
    name: first.name,
    starts: period,
    ends: first.ends,
    lines: rows.map(({ name: _name, ends: _ends, ...line }) => line),
  }
}

/** The tax that a customer's usage is charged with. */
export async function taxFor(db: Db | Tx, sellerId: SellerId, buyer: Taxed): Promise<AppliedTax | undefined> {
  const { rows } = await sql<TaxRate>`
    select country, customer_type as "customerType", name, rate_basis_points as "basisPoints", reverse_charge as "reverseCharge"
      from tax_rates where seller_id = ${sellerId}`.execute(db)
  return taxRateFor(rows, buyer)
}

/** What the tenant is called, and the bank details of its first store. */
export async function sellerFacts(
  db: Db | Tx,
  sellerId: SellerId,
): Promise<{ readonly name: string; readonly bankDetails: string }> {
  const { rows } = await sql<{ name: string; bankDetails: string | null }>`
    select name, (select bank_details from stores where stores.seller_id = t.id order by created_at, id limit 1) as "bankDetails"
      from tenants t where id = ${sellerId}`.execute(db)
  return { name: rows[0]?.name ?? '', bankDetails: rows[0]?.bankDetails ?? '' }
}
