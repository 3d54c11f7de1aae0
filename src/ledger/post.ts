import { sql } from 'kysely'
import { newId, type SellerId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import { assertBalanced, netEntries } from './rules.ts'
import type { Posting } from './schema.ts'

/**
 * Writes one posting, its entries and the balances they change in one statement of the caller's transaction.
 * Asked for twice under the same natural key, it is made once. Balances are locked in the order of their keys.
 *
 * @returns false where the posting was there already.
 */
export const post = async (tx: Tx, posting: Posting): Promise<boolean> =>
  (await postAll(tx, posting.sellerId, [posting])) === 1

/**
 * The same for many postings of one seller and one currency: each is its own, the statement is one. Their natural keys
 * differ.
 *
 * @returns How many were not there already.
 */
export async function postAll(tx: Tx, sellerId: SellerId, postings: readonly Posting[]): Promise<number> {
  if (postings.length === 0) return 0
  const wanted = postings.map((posting) => {
    assertBalanced(posting.entries)
    return {
      id: newId<string>(posting.at.getTime()),
      kind: posting.kind,
      natural_key: posting.naturalKey,
      account_id: posting.accountId,
      order_id: posting.orderId,
      payment_id: posting.paymentId,
      correlation_id: posting.correlationId,
      occurred_at: posting.at,
      currency: posting.currency,
      entries: netEntries(posting.entries).map((entry, position) => ({
        position,
        ledger_account_id: newId(),
        kind: entry.kind,
        account_id: entry.accountId,
        amount_minor: entry.amountMinor.toString(),
      })),
    }
  })
  const { rows } = await sql<{ id: string }>`
    with wanted as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb)
        as p (id uuid, kind text, natural_key text, account_id uuid, order_id uuid, payment_id uuid, correlation_id uuid,
              occurred_at timestamptz, currency text, entries jsonb)
    ), posting as (
      insert into ledger_postings (seller_id, id, kind, natural_key, account_id, order_id, payment_id, correlation_id, occurred_at)
      select ${sellerId}::uuid, id, kind, natural_key, account_id, order_id, payment_id, correlation_id, occurred_at from wanted
      on conflict (seller_id, natural_key) do nothing
      returning id
    ), entry as materialized (
      select w.id as posting_id, w.currency, e.*
        from wanted w
        join posting on posting.id = w.id
       cross join lateral jsonb_to_recordset(w.entries)
          as e (position integer, ledger_account_id uuid, kind text, account_id uuid, amount_minor bigint)
    ), booked as (
      insert into ledger_accounts (seller_id, id, kind, account_id, currency, balance_minor)
      select ${sellerId}::uuid, (array_agg(ledger_account_id))[1], kind, account_id, currency, sum(amount_minor)
        from entry
       group by kind, account_id, currency
       order by kind, account_id::text nulls first, currency
      on conflict (seller_id, kind, account_id, currency)
      do update set balance_minor = ledger_accounts.balance_minor + excluded.balance_minor
      returning id, kind, account_id, currency
    ), entries as (
      insert into ledger_entries (seller_id, posting_id, position, ledger_account_id, amount_minor, currency)
      select ${sellerId}::uuid, e.posting_id, e.position, booked.id, e.amount_minor, e.currency
        from entry e
        join booked on booked.kind = e.kind and booked.account_id is not distinct from e.account_id and booked.currency = e.currency
    )
    select id from posting`.execute(tx)
  return rows.length
}
