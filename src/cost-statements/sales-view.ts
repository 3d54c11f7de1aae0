import { sql } from 'kysely'
import { divideHalfUp } from '../kernel/decimal.ts'
import { minorDigits } from '../kernel/money.ts'
import type { Db, Tx } from '../platform/db.ts'
import { costOf, type IncomeMove } from './rules.ts'
import type { CostLine, Relation } from './schema.ts'

type Fact = Omit<CostLine, 'costMinor'> & Relation
type OrderRow = Fact & IncomeMove & { readonly wholeCostMinor: bigint }
/** Both in 10^−12 major units of the statement's currency. */
type UsageRow = Fact & { readonly metered: string; readonly told: string }

/** A line with those that it is between. */
export type Sale = CostLine & Relation

/**
 * Sales of plans that are sold on and stand on no statement yet, up to an instant, oldest first: each once for every
 * reseller on the way down. Of the sellers that `about` names, or of all (a reviewed fan-out).
 */
export async function unstatedSales(
  db: Db | Tx,
  { before, about }: { readonly before: Date; readonly about?: Omit<Relation, 'currency'> },
): Promise<Sale[]> {
  const [orders, usage] = [await orderSales(db, before, about), await usageSales(db, before, about)]
  return [
    ...orders.map(({ orderNetMinor, beforeMinor, afterMinor, wholeCostMinor, ...sale }) => ({
      ...sale,
      costMinor: costOf({ kind: sale.kind, orderNetMinor, beforeMinor, afterMinor }, wholeCostMinor),
    })),
    ...usage.map(({ metered, told, ...sale }) => ({
      ...sale,
      costMinor: divideHalfUp((BigInt(metered) + BigInt(told)) * 10n ** BigInt(minorDigits(sale.currency)), 10n ** 12n),
    })),
  ].sort((a, b) => a.at.getTime() - b.at.getTime() || (a.sourceId < b.sourceId ? -1 : 1))
}

/** Of one relation alone, and of no statement. */
const wanted = (about: Omit<Relation, 'currency'> | undefined) => sql`
  (${about?.supplierId ?? null}::uuid is null
   or (s."supplierId" = ${about?.supplierId ?? null}::uuid and s."resellerId" = ${about?.resellerId ?? null}::uuid))
  and not exists (select from cost_statement_lines l
                   where l.seller_id = s."supplierId" and l.sale_seller_id = s."saleSellerId" and l.source_id = s."sourceId"
                     and l.reseller_id = s."resellerId")
  and not exists (select from test_clocks c where c.seller_id in (s."saleSellerId", s."supplierId", s."resellerId"))`

const COSTS = sql`cross join lateral jsonb_to_recordset(o.snapshot->'net_costs')
  as c (reseller_id uuid, supplier_id uuid, currency text, net_minor bigint)`

/**
 * Every posting that moved income of an order that has net costs. What a switch gives back beyond the new plan's price
 * changes no cost: that the unused days are credited is in the order's already.
 */
async function orderSales(
  db: Db | Tx,
  before: Date,
  about: Omit<Relation, 'currency'> | undefined,
): Promise<OrderRow[]> {
  const { rows } = await sql<OrderRow>`
    with moves as (
      select p.seller_id, p.id, p.kind, p.order_id, p.occurred_at, -sum(e.amount_minor)::bigint as net,
             (-sum(sum(e.amount_minor)) over (partition by p.seller_id, p.order_id order by p.id))::bigint as after
        from orders o
        join ledger_postings p on p.seller_id = o.seller_id and p.order_id = o.id
        join ledger_entries e on e.seller_id = p.seller_id and e.posting_id = p.id
        join ledger_accounts a on a.seller_id = e.seller_id and a.id = e.ledger_account_id
       where o.snapshot ? 'net_costs' and a.kind = 'revenue' and p.natural_key not like 'order\\_surplus:%'
       group by p.seller_id, p.id
    )
    select s.* from (
      select m.seller_id as "saleSellerId", m.id as "sourceId", m.occurred_at as at, m.kind, o.number as document,
             o.snapshot->'plan'->>'name' as title, o.currency as "saleCurrency", m.net as "saleMinor", o.net_minor as "orderNetMinor",
             m.after - m.net as "beforeMinor", m.after as "afterMinor", c.reseller_id as "resellerId", c.supplier_id as "supplierId",
             c.currency, c.net_minor as "wholeCostMinor"
        from moves m join orders o on o.seller_id = m.seller_id and o.id = m.order_id ${COSTS}
      union all
      select o.seller_id, o.id, o.closed_at, 'order_booked', o.number, o.snapshot->'plan'->>'name', o.currency, 0, 0, 0, 0,
             c.reseller_id, c.supplier_id, c.currency, c.net_minor
        from orders o ${COSTS}
       where o.status = 'completed' and o.net_minor = 0 and c.net_minor <> 0
    ) s
     where s.at < ${before} and ${wanted(about)}`.execute(db)
  return rows
}

/** Months of usage that are charged, of plans that are sold on. What each unit cost stands with its hour, what a service told with itself. */
async function usageSales(
  db: Db | Tx,
  before: Date,
  about: Omit<Relation, 'currency'> | undefined,
): Promise<UsageRow[]> {
  const { rows } = await sql<UsageRow>`
    with recursive charged as (
      select p.seller_id, p.id, p.occurred_at, s.id as subscription_id, s.plan_id, s.name, s.currency, split_part(p.natural_key, ':', 3)::date as period
        from ledger_postings p
        join subscriptions s on s.seller_id = p.seller_id and s.id::text = split_part(p.natural_key, ':', 2)
       where p.kind = 'usage_charged' and p.occurred_at < ${before}
         and exists (select from plan_delegations d where d.plan_id = s.plan_id and d.seller_id = s.seller_id)
    ), way (seller_id, plan_id, reseller_id, supplier_id, step) as (
      select d.seller_id, d.plan_id, d.seller_id, d.delegated_by, 1 from plan_delegations d
       where (d.seller_id, d.plan_id) in (select seller_id, plan_id from charged)
      union all
      select w.seller_id, w.plan_id, d.seller_id, d.delegated_by, w.step + 1
        from way w join plan_delegations d on d.plan_id = w.plan_id and d.seller_id = w.supplier_id where w.step < 20
    )
    select s.* from (
      select u.seller_id as "saleSellerId", u.id as "sourceId", u.occurred_at as at, 'usage_charged' as kind, to_char(u.period, case when extract(day from u.period) = 1 then 'YYYY-MM' else 'YYYY-MM-DD' end) as document,
             u.name as title, u.currency as "saleCurrency", w.reseller_id as "resellerId", w.supplier_id as "supplierId", l.currency,
             (select coalesce(sum(c.net_minor), 0)::bigint from charges c
               where c.seller_id = u.seller_id and c.subscription_id = u.subscription_id and c.period = u.period) as "saleMinor",
             (select coalesce(round(sum(x.quantity * x.unit_costs[w.step] * 1000000000000 / x.per_unit)), 0)::text from consumption_records x
               where x.seller_id = u.seller_id and x.subscription_id = u.subscription_id and x.period = u.period and x.unit_costs is not null) as metered,
             (select coalesce(round(sum(t.amount * t.factor_costs[w.step] * 1000000000000)), 0)::text from told_amounts t
               where t.seller_id = u.seller_id and t.subscription_id = u.subscription_id and t.period = u.period) as told
        from charged u
        join way w on w.seller_id = u.seller_id and w.plan_id = u.plan_id
        join price_lists l on l.seller_id = w.reseller_id
    ) s
     where ${wanted(about)}`.execute(db)
  return rows
}
