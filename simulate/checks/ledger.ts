import type { Proof } from './check.ts'

/** Double entry (spec/commerce.md "Money"), asked of the tables themselves and of nothing that the application computes. */
export const LEDGER: readonly Proof[] = [
  {
    name: 'every posting sums to zero per currency',
    query: `
      select format('posting %s sums to %s %s', posting_id, sum(amount_minor), currency) as problem
        from ledger_entries group by seller_id, posting_id, currency having sum(amount_minor) <> 0`,
  },
  {
    name: 'every posting has entries',
    query: `
      select format('posting %s (%s) has none', p.id, p.natural_key) as problem from ledger_postings p
       where not exists (select from ledger_entries e where e.seller_id = p.seller_id and e.posting_id = p.id)`,
  },
  {
    name: 'every balance equals its postings',
    query: `
      select format('account %s (%s) says %s, its entries %s', a.id, a.kind, a.balance_minor, coalesce(e.total, 0)) as problem
        from ledger_accounts a
        left join (select seller_id, ledger_account_id, sum(amount_minor) as total from ledger_entries group by 1, 2) e
          on e.seller_id = a.seller_id and e.ledger_account_id = a.id
       where a.balance_minor <> coalesce(e.total, 0)`,
  },
]

/** What may be asked at any moment between two steps. */
export const HOLDS: readonly Proof[] = [
  {
    name: 'what is held is what was consumed and is not closed',
    query: `
      select format('%s holds %s, its blocked charges are %s', t.name, coalesce(held.minor, 0), coalesce(owed.minor, 0)) as problem
        from (select seller_id, account_id, -sum(balance_minor) as minor from ledger_accounts where kind = 'blocked_funds' group by 1, 2) held
        full join (
          select c.seller_id, c.account_id, sum(c.net_minor + c.tax_minor) as minor
            from charges c join subscriptions s on s.seller_id = c.seller_id and s.id = c.subscription_id
           where c.status = 'blocked' and s.payment_model = 'prepay' group by 1, 2) owed
          using (seller_id, account_id)
        join tenants t on t.id = account_id
       where coalesce(held.minor, 0) <> coalesce(owed.minor, 0)`,
  },
  {
    name: 'money that waits is money for something that waits',
    query: `
      select format('%s has %s waiting, what it paid for and waits has received %s', t.name, coalesce(cash.minor, 0), coalesce(open.minor, 0)) as problem
        from (select seller_id, account_id, -sum(balance_minor) as minor from ledger_accounts where kind = 'unapplied_cash' group by 1, 2) cash
        full join (
          -- A renewal that is paid waits while its service is being stopped, and where that failed.
          select p.seller_id, p.account_id, sum(case when p.status in ('waiting_for_payment', 'processing') then p.received_minor else p.total_minor end) as minor
            from payments p left join orders o on o.seller_id = p.seller_id and o.id = p.order_id
           where p.status in ('waiting_for_payment', 'processing')
              or p.status in ('completed', 'paid_from_balance') and p.purpose = 'order' and o.status = 'waiting_for_payment'
           group by 1, 2) open
          using (seller_id, account_id)
        join tenants t on t.id = account_id
       where coalesce(cash.minor, 0) <> coalesce(open.minor, 0)`,
  },
]
