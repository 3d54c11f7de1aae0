import type { Proof } from './check.ts'

const BOOKED = `
  select o.seller_id, o.id, o.number, o.status, o.type, o.total_minor, s.payment_model,
         (select count(*) from ledger_postings p where p.seller_id = o.seller_id and p.natural_key = 'order_booked:' || o.id) as times,
         coalesce((select sum(-e.amount_minor) from ledger_postings p
                     join ledger_entries e on e.seller_id = p.seller_id and e.posting_id = p.id
                     join ledger_accounts a on a.seller_id = e.seller_id and a.id = e.ledger_account_id
                    where p.seller_id = o.seller_id and p.natural_key in ('order_booked:' || o.id, 'order_returned:' || o.id, 'order_missed_days:' || o.id)
                      and a.kind in ('revenue', 'tax')), 0) as income,
         coalesce((select sum(e.amount_minor) from ledger_postings p
                     join ledger_entries e on e.seller_id = p.seller_id and e.posting_id = p.id
                     join ledger_accounts a on a.seller_id = e.seller_id and a.id = e.ledger_account_id
                    where p.seller_id = o.seller_id and p.natural_key = 'order_missed_days:' || o.id and a.kind in ('revenue', 'tax')), 0) as missed,
         exists (select from orders r where r.seller_id = o.seller_id and r.reverses_order_id = o.id and r.status = 'completed') as is_undone
    from orders o join subscriptions s on s.seller_id = o.seller_id and s.id = o.subscription_id`

/** What was ordered, what it cost, and that each of it happened once. */
export const ORDERS: readonly Proof[] = [
  {
    name: 'every order equals its lines',
    query: `
      select format('%s says %s + %s = %s, its lines %s + %s', o.number, o.net_minor, o.tax_minor, o.total_minor,
                    coalesce(l.net, 0), coalesce(l.tax, 0)) as problem
        from orders o
        left join (select seller_id, order_id, sum(net_minor) as net, sum(tax_minor) as tax from order_lines group by 1, 2) l
          on l.seller_id = o.seller_id and l.order_id = o.id
       where o.net_minor <> coalesce(l.net, 0) or o.tax_minor <> coalesce(l.tax, 0) or o.total_minor <> o.net_minor + o.tax_minor`,
  },
  {
    name: 'what was carried out is income once, what was not or was taken back is none',
    query: `
      select format('%s (%s, %s, %s) of %s: booked %s times, income %s', number, type, status, payment_model, total_minor, times, income) as problem
        from (${BOOKED}) o
       where times > 1
          or income <> case when status in ('completed', 'provisioning', 'provisioning_failed') and not is_undone then total_minor - missed else 0 end`,
  },
  {
    name: 'documents are numbered without gaps',
    query: `
      select format('%s of seller %s: %s documents, the last is %s', kind, seller_id, count(*), max(number)) as problem
        from (select 'orders' as kind, seller_id, substring(number from 3)::bigint as number from orders
              union all select 'payments', seller_id, substring(number from 3)::bigint from payments) documents
       group by kind, seller_id having count(*) <> max(number) or count(distinct number) <> count(*)`,
  },
  {
    name: 'a payment has received what its receipts say',
    query: `
      select format('%s received %s, its receipts are %s', p.number, p.received_minor, r.total) as problem
        from payments p
        join (select seller_id, payment_id, sum(amount_minor) as total from payment_receipts group by 1, 2) r
          on r.seller_id = p.seller_id and r.payment_id = p.id
       where p.status = 'completed' and r.total < p.received_minor`,
  },
  {
    name: 'periods follow one another: nothing is paid twice, nothing is left out',
    query: `
      select format('subscription %s of %s runs from %s to %s', s.number, t.name, s.period_starts_at, s.period_ends_at) as problem
        from subscriptions s join tenants t on t.id = s.account_id
       where s.period_starts_at >= s.period_ends_at
          or (s.status = 'active' and s.period_ends_at is null and s.billing_type = 'pay_in_full')`,
  },
]

/** What a service is given is what was ordered of it. */
export const GRANTS: readonly Proof[] = [
  {
    name: 'every subscription grants its quota',
    query: `
      select format('subscription %s of %s (%s) grants %s %s instead of %s', s.number, t.name, s.status, granted, usage_name, wanted) as problem
        from (
          select seller_id, subscription_id, usage_name, coalesce(g.units, 0) as granted, coalesce(r.units, 0) as wanted
            from quota_grants g
            full join (
              select r.seller_id, r.subscription_id, r.usage_name, sum(r.quantity * r.quota_per_unit) as units
                from subscription_resources r join subscriptions s on s.seller_id = r.seller_id and s.id = r.subscription_id
               where s.status in ('active', 'graced') and r.usage_name is not null and r.quota_per_unit is not null group by 1, 2, 3) r
              using (seller_id, subscription_id, usage_name)) grants
        join subscriptions s on s.seller_id = grants.seller_id and s.id = grants.subscription_id
        join tenants t on t.id = s.account_id
       where s.status in ('active', 'graced', 'stopped', 'deleted', 'cancelled') and granted <> wanted`,
  },
]

/** Nothing was lost on the way. */
export const QUIET: readonly Proof[] = [
  {
    name: 'every event was heard',
    query: `select format('%s of %s waits', type, occurred_at) as problem from events where relayed_at is null`,
  },
  {
    name: 'every task was carried out',
    query: `select format('%s of %s waits', operation, created_at) as problem from provisioning_tasks where status = 'pending'`,
  },
  {
    name: 'nothing stands half way',
    query: `
      select format('subscription %s of %s is %s', s.number, t.name, s.status) as problem
        from subscriptions s join tenants t on t.id = s.account_id
       where s.status in ('installing', 'activating', 'updating', 'renewing', 'stopping', 'deleting')`,
  },
  {
    name: 'what is paid is being carried out',
    query: `
      select format('%s waits though its payment %s is %s', o.number, p.number, p.status) as problem
        from orders o
        join payments p on p.seller_id = o.seller_id and p.order_id = o.id
        join subscriptions s on s.seller_id = o.seller_id and s.id = o.subscription_id
       where o.status = 'waiting_for_payment' and p.status in ('completed', 'paid_from_balance') and s.status <> 'stopping_failed'`,
  },
]
