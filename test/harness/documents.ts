import assert from 'node:assert/strict'
import type { Pool } from 'pg'

/** What the tables say of a seller's documents; each must be nothing. */
const FAULTS = `
select 'differs from its lines: ' || i.number as fault from invoices i
 where (i.net_minor, i.tax_minor) is distinct from
       (select (sum(l.net_minor)::bigint, sum(l.tax_minor)::bigint) from invoice_lines l where l.seller_id = i.seller_id and l.invoice_id = i.id)
union all
select 'series with a gap: ' || series from invoices group by seller_id, series having count(*) <> max(sequence)
union all
select 'differs from what was posted: ' || i.number from invoices i
 where i.total_minor * case i.kind when 'invoice' then 1 else -1 end is distinct from
       (select -sum(e.amount_minor) from ledger_entries e join ledger_accounts a on a.seller_id = e.seller_id and a.id = e.ledger_account_id
         where e.seller_id = i.seller_id and e.posting_id = i.posting_id and a.kind in ('revenue', 'tax'))`

/** Every document is the sum of its lines and what its posting moved, and no number is left out. */
export async function assertDocuments(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ fault: string }>(FAULTS)
  assert.deepEqual(rows, [])
}
