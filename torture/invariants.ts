import type { ProblemKind } from './tally.ts'

/** Something that holds of the whole database whenever nothing is under way. */
export interface Invariant {
  readonly name: string
  readonly kind: ProblemKind
  /** Says what breaks it, a row each: `what` as text. Nobody but the database is asked. */
  readonly sql: string
}

const LEDGER: readonly Invariant[] = [
  {
    name: 'a posting sums to zero',
    kind: 'wrong',
    sql: `select posting_id || ' sums to ' || sum(amount_minor) as what from ledger_entries
           group by seller_id, posting_id, currency having sum(amount_minor) <> 0`,
  },
  {
    name: 'a posting has entries',
    kind: 'half',
    sql: `select p.natural_key as what from ledger_postings p where not exists
            (select from ledger_entries e where e.seller_id = p.seller_id and e.posting_id = p.id)`,
  },
  {
    name: 'a balance is the sum of its postings',
    kind: 'wrong',
    sql: `select a.kind || ' ' || a.id || ' is ' || a.balance_minor || ' and not ' || coalesce(e.total, 0) as what
            from ledger_accounts a
            left join (select seller_id, ledger_account_id, sum(amount_minor) as total from ledger_entries group by 1, 2) e
              on e.seller_id = a.seller_id and e.ledger_account_id = a.id
           where a.balance_minor <> coalesce(e.total, 0)`,
  },
  {
    name: 'nobody has spent more than there was',
    kind: 'doubled',
    sql: `select id || ' is overdrawn by ' || balance_minor as what from ledger_accounts
           where kind in ('customer_balance', 'unapplied_cash') and balance_minor > 0`,
  },
  {
    name: 'held funds are what is charged and not closed',
    kind: 'wrong',
    sql: `select account || ' holds ' || held || ' for ' || charged as what
            from (select coalesce(l.account_id, c.account_id) as account, coalesce(-l.balance_minor, 0) as held, coalesce(c.charged, 0) as charged
                    from (select seller_id, account_id, balance_minor from ledger_accounts where kind = 'blocked_funds') l
                    full join (select c.seller_id, c.account_id, sum(c.net_minor + c.tax_minor) as charged
                                 from charges c join subscriptions s on s.seller_id = c.seller_id and s.id = c.subscription_id
                                where c.status = 'blocked' and s.payment_model = 'prepay' group by 1, 2) c
                      on c.seller_id = l.seller_id and c.account_id = l.account_id) both_sides
           where held <> charged`,
  },
]

const PAYMENTS: readonly Invariant[] = [
  {
    name: 'a payment received what its receipts say',
    kind: 'half',
    sql: `select p.number || ' received ' || p.received_minor || ', its receipts say ' || coalesce(r.total, 0) as what
            from payments p
            left join (select seller_id, payment_id, sum(amount_minor) as total from payment_receipts group by 1, 2) r
              on r.seller_id = p.seller_id and r.payment_id = p.id
           where p.status in ('completed', 'waiting_for_payment') and p.received_minor <> coalesce(r.total, 0)`,
  },
  {
    name: 'a completed payment is paid, another one is not',
    kind: 'half',
    sql: `select number || ' is ' || status || ' with ' || received_minor || ' of ' || total_minor as what from payments
           where (status in ('completed', 'paid_from_balance')) <> (received_minor >= total_minor) and status <> 'cancelled'`,
  },
  {
    name: 'each receipt is booked, once',
    kind: 'doubled',
    sql: `select p.number || ': ' || r.receipts || ' receipts, ' || coalesce(l.booked, 0) || ' bookings' as what
            from payments p
            join (select seller_id, payment_id, count(*) as receipts from payment_receipts group by 1, 2) r
              on r.seller_id = p.seller_id and r.payment_id = p.id
            left join (select seller_id, payment_id, count(*) as booked from ledger_postings where kind in ('receipt', 'late_receipt') group by 1, 2) l
              on l.seller_id = p.seller_id and l.payment_id = p.id
           where r.receipts <> coalesce(l.booked, 0)`,
  },
  {
    name: 'a completed payment is told, once',
    kind: 'lost',
    sql: `select p.number || ' is told ' || count(e.id) || ' times' as what
            from payments p left join events e on e.seller_id = p.seller_id and e.subject_kind = 'payment'
             and e.subject_id = p.id::text and e.type = 'payment.completed'
           group by p.seller_id, p.id, p.number, p.status
          having count(e.id) <> (p.status in ('completed', 'paid_from_balance'))::integer`,
  },
]

const ORDERS: readonly Invariant[] = [
  {
    name: 'a placed checkout has its order, and an order its checkout',
    kind: 'half',
    sql: `select c.id::text as what from checkouts c where c.status = 'placed' and not exists
            (select from orders o where o.seller_id = c.seller_id and o.checkout_id = c.id and o.id = c.order_id)
          union all
          select o.number from orders o join checkouts c on c.seller_id = o.seller_id and c.id = o.checkout_id
           where c.status <> 'placed' or c.order_id is distinct from o.id`,
  },
  {
    name: 'an order costs what its lines say',
    kind: 'half',
    sql: `select o.number || ' costs ' || o.total_minor || ', its lines ' || coalesce(sum(l.net_minor + l.tax_minor), 0) as what
            from orders o left join order_lines l on l.seller_id = o.seller_id and l.order_id = o.id
           group by o.seller_id, o.id, o.number, o.total_minor having o.total_minor <> greatest(coalesce(sum(l.net_minor + l.tax_minor), 0), 0)`,
  },
  {
    name: 'an order has one payment where it costs something',
    kind: 'doubled',
    sql: `select o.number || ' has ' || count(p.id) || ' payments' as what
            from orders o left join payments p on p.seller_id = o.seller_id and p.order_id = o.id and p.purpose = 'order'
           group by o.seller_id, o.id, o.number, o.total_minor
          having count(p.id) <> (o.total_minor > 0)::integer`,
  },
  {
    name: 'a completed order is paid, and a paid one goes on',
    kind: 'half',
    sql: `select o.number || ' is ' || o.status || ', its payment ' || p.status as what
            from orders o join payments p on p.seller_id = o.seller_id and p.order_id = o.id and p.purpose = 'order'
           where (o.status in ('completed', 'provisioning', 'provisioning_failed')) <> (p.status in ('completed', 'paid_from_balance'))`,
  },
  {
    name: 'a completed order has its income booked, once',
    kind: 'doubled',
    sql: `select o.number || ' is booked with ' || coalesce(sum(-e.amount_minor), 0) || ' of ' || o.total_minor
                 || ', of which ' || coalesce(p.refunded_minor, 0) || ' went back' as what
            from orders o
            left join payments p on p.seller_id = o.seller_id and p.order_id = o.id and p.purpose = 'order'
            left join ledger_postings l on l.seller_id = o.seller_id and l.order_id = o.id
            left join ledger_entries e on e.seller_id = l.seller_id and e.posting_id = l.id and exists
                 (select from ledger_accounts a where a.seller_id = e.seller_id and a.id = e.ledger_account_id and a.kind in ('revenue', 'tax'))
           where o.status = 'completed' and o.total_minor > 0
             and not exists (select from orders u where u.seller_id = o.seller_id and u.reverses_order_id = o.id)
             and o.reverses_order_id is null
           group by o.seller_id, o.id, o.number, o.total_minor, p.refunded_minor
          having coalesce(sum(-e.amount_minor), 0) <> o.total_minor - coalesce(p.refunded_minor, 0)`,
  },
  {
    name: 'what became of an order is told, once',
    kind: 'doubled',
    sql: `select o.number || ': ' || t.type || ' ' || count(e.id) || ' times' as what
            from orders o cross join (values ('order.placed'), ('order.completed')) as t (type)
            left join events e on e.seller_id = o.seller_id and e.subject_kind = 'order' and e.subject_id = o.id::text and e.type = t.type
           group by o.seller_id, o.id, o.number, o.status, t.type
          having count(e.id) <> (t.type = 'order.placed' or o.status = 'completed')::integer`,
  },
  {
    name: 'nothing is stuck on the way',
    kind: 'half',
    sql: `select o.number || ' is ' || o.status as what from orders o where o.status = 'provisioning'
          union all
          select 'task ' || t.id || ' is pending after ' || t.attempts || ' tries' from provisioning_tasks t
           where t.status = 'pending' and t.deadline_at is null
          union all
          select 'subscription ' || s.number || ' is ' || s.status from subscriptions s
           where s.status in ('installing', 'activating', 'updating', 'renewing', 'stopping', 'deleting')
          union all
          select 'offer ' || f.id || ' is being placed' from offers f
           where f.status = 'placing' and not exists (select from offer_orders x where x.seller_id = f.seller_id and x.offer_id = f.id)`,
  },
  {
    name: 'the service of an order was asked for once',
    kind: 'doubled',
    sql: `select o.number || ' has ' || count(t.id) || ' tasks' as what
            from orders o join provisioning_tasks t on t.seller_id = o.seller_id and t.order_id = o.id
           group by o.seller_id, o.id, o.number having count(t.id) > 1`,
  },
  {
    name: 'documents are numbered without gaps',
    kind: 'lost',
    sql: `select kind || ' of ' || seller_id || ': ' || found || ' up to ' || last as what from (
            select 'orders' as kind, seller_id, count(*) as found, max(substring(number from '[0-9]+$')::bigint) as last from orders group by seller_id
            union all
            select 'payments', seller_id, count(*), max(substring(number from '[0-9]+$')::bigint) from payments group by seller_id
            union all
            select 'invoices ' || series, seller_id, count(*), max(sequence) from invoices group by series, seller_id
          ) numbered where found <> last`,
  },
  {
    name: 'income has its document',
    kind: 'lost',
    sql: `select l.natural_key || ' has no document' as what from ledger_postings l
           where l.occurred_at > (select min(issued_at) from invoices i where i.seller_id = l.seller_id)
             and exists (select from ledger_entries e join ledger_accounts a on a.seller_id = e.seller_id and a.id = e.ledger_account_id
                          where e.seller_id = l.seller_id and e.posting_id = l.id and a.kind = 'revenue')
             and not exists (select from invoices i where i.seller_id = l.seller_id and i.posting_id = l.id)`,
  },
]

const PROMOS: readonly Invariant[] = [
  {
    name: 'a promo code is used no more often than it may be, and says how often it is',
    kind: 'doubled',
    sql: `select p.code || ' says ' || p.uses || ' uses of ' || coalesce(p.max_uses::text, 'any') || ', there are ' || count(u.order_id) as what
            from promo_codes p
            left join promo_uses u on u.seller_id = p.seller_id and u.code = p.code and u.returned_at is null
           group by p.seller_id, p.code having p.uses <> count(u.order_id) or count(u.order_id) > p.max_uses`,
  },
  {
    name: 'a use of a code has its order, and an order with a code its use; what is cancelled has given it back',
    kind: 'half',
    sql: `select o.number || ' is ' || o.status || ' with ' || coalesce(o.snapshot->'discount'->>'code', 'no code') || '; its use is of '
                 || coalesce(u.code, 'none') || case when u.returned_at is null then '' else ', given back' end as what
            from orders o full join promo_uses u on u.seller_id = o.seller_id and u.order_id = o.id
           where (u.order_id is not null or (o.type = 'sales' and o.snapshot->'discount'->>'code' is not null))
             and (u.code is distinct from o.snapshot->'discount'->>'code' or (u.returned_at is not null) <> (o.status = 'cancelled'))`,
  },
  {
    name: 'an order’s discount is its line',
    kind: 'wrong',
    sql: `select o.number || ' has ' || coalesce(o.snapshot->'discount'->>'net_minor', '0') || ' off, its line says ' || coalesce(-sum(l.net_minor), 0) as what
            from orders o left join order_lines l on l.seller_id = o.seller_id and l.order_id = o.id and l.kind = 'discount'
           group by o.seller_id, o.id, o.number, o.snapshot
          having coalesce(o.snapshot->'discount'->>'net_minor', '0')::bigint <> coalesce(-sum(l.net_minor), 0)`,
  },
]

const RUNNING: readonly Invariant[] = [
  {
    name: 'what runs grants what was ordered, and nothing else does',
    kind: 'half',
    sql: `with ordered as (
            select s.seller_id, s.id, r.usage_name, sum(r.quantity * r.quota_per_unit) as units
              from subscriptions s join subscription_resources r on r.seller_id = s.seller_id and r.subscription_id = s.id
             where r.usage_name is not null and r.quota_per_unit is not null and s.connector = 'builtin'
               and s.status in ('active', 'graced')
             group by 1, 2, 3)
          select coalesce(o.id, g.subscription_id) || ' grants ' || coalesce(g.units, 0) || ' ' || coalesce(o.usage_name, g.usage_name)
                 || ' and not ' || coalesce(o.units, 0) as what
            from ordered o full join quota_grants g
              on g.seller_id = o.seller_id and g.subscription_id = o.id and g.usage_name = o.usage_name
           where coalesce(o.units, 0) <> coalesce(g.units, 0)`,
  },
  {
    name: 'usage is what was reported',
    kind: 'wrong',
    sql: `with latest as (
            select distinct on (seller_id, tenant_id, usage_name) seller_id, tenant_id, usage_name, occurred_at, value
              from usage_events where value is not null order by seller_id, tenant_id, usage_name, occurred_at desc, value desc),
          own as (
            select e.seller_id, e.tenant_id, e.usage_name,
                   coalesce(max(l.value), 0) + coalesce(sum(e.delta) filter (where l.occurred_at is null or e.occurred_at > l.occurred_at), 0) as own
              from usage_events e left join latest l using (seller_id, tenant_id, usage_name) group by 1, 2, 3)
          select u.tenant_id || ' uses ' || u.own || ' ' || u.usage_name || ' and not ' || coalesce(o.own, 0) as what
            from usages u left join own o using (seller_id, tenant_id, usage_name) where u.own <> coalesce(o.own, 0)`,
  },
  {
    name: 'a report is there once',
    kind: 'doubled',
    sql: `select source || ' ' || event_id || ' is there ' || count(*) || ' times' as what from usage_events
           where source <> 'urn:buylink:migration' group by seller_id, source, event_id having count(*) > 1`,
  },
  {
    name: 'alerts are right for the usage',
    kind: 'wrong',
    sql: `with keys as (
            select seller_id, tenant_id, usage_name from quotas union select seller_id, tenant_id, usage_name from quota_grants
            union select seller_id, tenant_id, usage_name from alerts where cleared_at is null),
          levels as (
            select k.*, q.usage_name is not null and q.base is null as endless,
                   greatest(coalesce(q.base, 0) + coalesce((select sum(units) from quota_grants g
                     where g.seller_id = k.seller_id and g.tenant_id = k.tenant_id and g.usage_name = k.usage_name), 0), 0) as value,
                   q.overage, coalesce(u.value, 0) as used, k.usage_name = 'storage' as bytes,
                   q.usage_name is not null or exists (select from quota_grants g
                     where g.seller_id = k.seller_id and g.tenant_id = k.tenant_id and g.usage_name = k.usage_name) as limited
              from keys k
              left join quotas q on q.seller_id = k.seller_id and q.tenant_id = k.tenant_id and q.usage_name = k.usage_name
              left join usages u on u.seller_id = k.seller_id and u.tenant_id = k.tenant_id and u.usage_name = k.usage_name
                   and u.updated_at is not null),
          wanted as (
            select l.*, case when endless or not limited or used <= 0 then 'fine'
                             when overage is not null and used > value + overage then 'exceeded'
                             when bytes and used >= value or not bytes and used > value then 'reached'
                             when bytes and used * 100 >= value * 80 then 'almost_reached' else 'fine' end as state from levels l)
          select w.tenant_id || ' ' || w.usage_name || ': ' || w.used || ' of ' || w.value || ' is ' || w.state || ', the alert says '
                 || coalesce(a.state, 'fine') as what
            from wanted w left join alerts a on a.seller_id = w.seller_id and a.tenant_id = w.tenant_id
             and a.usage_name = w.usage_name and a.cleared_at is null
           where w.state <> coalesce(a.state, 'fine')
             and not exists (select from usage_types t where t.usage_name = w.usage_name)`,
  },
]

const TOLD: readonly Invariant[] = [
  {
    name: 'no event waits',
    kind: 'lost',
    sql: `select type || ' ' || id as what from events where relayed_at is null`,
  },
  {
    name: 'no job has been given up',
    kind: 'lost',
    sql: `select t.identifier || ': ' || coalesce(j.last_error, '') as what from graphile_worker._private_jobs j
            join graphile_worker._private_tasks t on t.id = j.task_id where j.attempts >= j.max_attempts`,
  },
  {
    name: 'every webhook is told of every event that it asked for',
    kind: 'lost',
    sql: `select w.url || ' was not told of ' || e.type || ' ' || e.id as what
            from webhook_endpoints w join events e on e.seller_id = w.seller_id and e.occurred_at > w.created_at
           where w.enabled and e.type = any(w.event_types)
             and not exists (select from deliveries d where d.seller_id = w.seller_id and d.event_id = e.id and d.endpoint_id = w.id)`,
  },
  {
    name: 'a mail that was written is there',
    kind: 'lost',
    sql: `select d.event_type || ' to ' || d.target as what from deliveries d
           where d.channel = 'email' and d.status = 'delivered' and not exists
                 (select from mails m where m.seller_id = d.seller_id and m.id = d.mail_id)`,
  },
  {
    name: 'no request is half kept',
    kind: 'half',
    sql: `select caller || ' ' || key || ' has no answer' as what from idempotency_keys
           where status is null and locked_until > clock_timestamp()`,
  },
]

/** Only where everything was waited for: tries that a kill cut off are made again after their lease. */
export const DELIVERED: Invariant = {
  name: 'every delivery is complete',
  kind: 'lost',
  sql: `select channel || ' ' || event_type || ' is ' || status || ' after ' || attempts || ' tries: ' || coalesce(last_error, '') as what
          from deliveries where status <> 'delivered'`,
}

export const INVARIANTS: readonly Invariant[] = [...LEDGER, ...PAYMENTS, ...ORDERS, ...PROMOS, ...RUNNING, ...TOLD]
