import type { Proof } from './check.ts'

/** A document states what one posting moved as income. */
export const INVOICES: readonly Proof[] = [
  {
    name: 'every invoice equals its lines',
    query: `
      select format('%s says %s + %s = %s, its lines %s + %s', i.number, i.net_minor, i.tax_minor, i.total_minor,
                    coalesce(l.net, 0), coalesce(l.tax, 0)) as problem
        from invoices i
        left join (select seller_id, invoice_id, sum(net_minor) as net, sum(tax_minor) as tax from invoice_lines group by 1, 2) l
          on l.seller_id = i.seller_id and l.invoice_id = i.id
       where i.net_minor <> coalesce(l.net, 0) or i.tax_minor <> coalesce(l.tax, 0) or i.total_minor <> i.net_minor + i.tax_minor`,
  },
  {
    name: 'every income has its document, and every document its income',
    query: `
      select format('%s (%s) moved %s, its document says %s', p.natural_key, i.number, p.income, i.total) as problem
        from (select p.seller_id, p.id, p.natural_key, sum(-e.amount_minor) as income
                from ledger_postings p
                join ledger_entries e on e.seller_id = p.seller_id and e.posting_id = p.id
                join ledger_accounts a on a.seller_id = e.seller_id and a.id = e.ledger_account_id
               where a.kind in ('revenue', 'tax') group by 1, 2, 3 having sum(e.amount_minor) <> 0) p
        full join (select seller_id, posting_id as id, number, case kind when 'invoice' then total_minor else -total_minor end as total
                     from invoices) i using (seller_id, id)
       where p.income is distinct from i.total`,
  },
  {
    name: 'invoices are numbered without gaps',
    query: `
      select format('%s of seller %s: %s documents, the last is %s', series, seller_id, count(*), max(sequence)) as problem
        from invoices group by seller_id, series having count(*) <> max(sequence)`,
  },
]
