import type { Proof } from './check.ts'

/** What is charged for use is what is on record, rounded once. */
export const CHARGES: readonly Proof[] = [
  {
    name: 'every charge is the sum of its records',
    query: `
      select format('%s %s of %s: %s on record, charged %s', c.period, c.resource_id, c.subscription_id, r.exact, c.exact) as problem
        from charges c
        left join (
          select seller_id, subscription_id, resource_id, period, sum(quantity * unit_price * 1000000000000)::numeric(60, 0) as exact
            from consumption_records group by 1, 2, 3, 4) r
          using (seller_id, subscription_id, resource_id, period)
       where c.exact is distinct from coalesce(r.exact, 0)`,
  },
  {
    name: 'every charge is rounded once, from the whole',
    query: `
      select format('%s %s of %s: %s net instead of %s', period, resource_id, subscription_id, net_minor, wanted) as problem
        from (select c.*, round(c.exact * case when c.currency = 'JPY' then 1 else 100 end / (c.per_unit::numeric * 1000000000000)) as wanted
                from charges c) c
       where net_minor <> wanted or tax_minor <> round(net_minor::numeric * tax_basis_points / 10000)`,
  },
  {
    name: 'closed charges are income once',
    query: `
      select format('%s of %s: closed %s, booked %s', coalesce(c.key, b.natural_key), coalesce(c.subscription_id::text, ''), coalesce(c.minor, 0), coalesce(b.minor, 0)) as problem
        from (select seller_id, subscription_id, 'usage_charged:' || subscription_id || ':' || period as key, sum(net_minor + tax_minor) as minor
                from charges where status = 'closed' group by 1, 2, 3 having sum(net_minor + tax_minor) <> 0) c
        full join (
          select p.seller_id, p.natural_key, sum(-e.amount_minor) as minor from ledger_postings p
            join ledger_entries e on e.seller_id = p.seller_id and e.posting_id = p.id
            join ledger_accounts a on a.seller_id = e.seller_id and a.id = e.ledger_account_id
           where p.kind = 'usage_charged' and a.kind in ('revenue', 'tax') group by 1, 2) b
          on b.seller_id = c.seller_id and b.natural_key = c.key
       where coalesce(c.minor, 0) <> coalesce(b.minor, 0)`,
  },
  {
    name: 'a period that is over holds nothing',
    query: `
      select format('%s of %s is still blocked', c.period, c.subscription_id) as problem
        from charges c join ratings r using (seller_id, subscription_id)
       where c.status = 'blocked' and c.period < r.period`,
  },
]
