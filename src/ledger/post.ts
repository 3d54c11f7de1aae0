import { sql } from 'kysely'
import { newId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import { assertBalanced, netEntries } from './rules.ts'
import type { Posting } from './schema.ts'

/**
 * Writes one posting, its entries and the balances they change in one statement of the caller's transaction.
 * Asked for twice under the same natural key, it is made once. Balances are locked in the order of their keys.
 *
 * @returns false where the posting was there already.
 */
export async function post(tx: Tx, posting: Posting): Promise<boolean> {
  assertBalanced(posting.entries)
  const entries = netEntries(posting.entries).map((entry, position) => ({
    position,
    ledger_account_id: newId(),
    kind: entry.kind,
    account_id: entry.accountId,
    amount_minor: entry.amountMinor.toString(),
  }))
  const { rows } = await sql<{ id: string }>`
    with wanted as (
      select * from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb)
        as e (position integer, ledger_account_id uuid, kind text, account_id uuid, amount_minor bigint)
    ), posting as (
      insert into ledger_postings (seller_id, id, kind, natural_key, account_id, order_id, payment_id, correlation_id, occurred_at)
      values (${posting.sellerId}, ${newId(posting.at.getTime())}, ${posting.kind}, ${posting.naturalKey}, ${posting.accountId},
              ${posting.orderId}, ${posting.paymentId}, ${posting.correlationId}, ${posting.at})
      on conflict (seller_id, natural_key) do nothing
      returning id
    ), booked as (
      insert into ledger_accounts (seller_id, id, kind, account_id, currency, balance_minor)
      select ${posting.sellerId}::uuid, w.ledger_account_id, w.kind, w.account_id, ${posting.currency}::text, w.amount_minor
        from wanted w cross join posting
       order by w.position
      on conflict (seller_id, kind, account_id, currency)
      do update set balance_minor = ledger_accounts.balance_minor + excluded.balance_minor
      returning id, kind, account_id
    ), entries as (
      insert into ledger_entries (seller_id, posting_id, position, ledger_account_id, amount_minor, currency)
      select ${posting.sellerId}::uuid, posting.id, w.position, booked.id, w.amount_minor, ${posting.currency}::text
        from wanted w cross join posting
        join booked on booked.kind = w.kind and booked.account_id is not distinct from w.account_id
    )
    select id from posting`.execute(tx)
  return rows.length === 1
}
