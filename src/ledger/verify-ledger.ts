import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'

export interface LedgerVerification {
  readonly ok: boolean
  readonly checked: { readonly postings: bigint; readonly entries: bigint; readonly accounts: bigint }
  /** The first hundred. */
  readonly problems: readonly { readonly code: string; readonly message: string }[]
}

/**
 * Proves the books of every seller at or below `path`: each posting sums to zero per currency and has entries, each
 * balance equals the sum of its entries, each entry has its account's currency (spec/commerce.md "Money").
 * One of the reviewed reads over several sellers; sees one snapshot, so it may run while money moves.
 */
export async function verifyLedger(db: Db, path: string): Promise<LedgerVerification> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      const sellers = sql`(select id from tenants where path <@ ${path}::ltree and kind in ('root', 'partner'))`
      const { rows: counted } = await sql<LedgerVerification['checked']>`
      select (select count(*) from ledger_postings where seller_id in ${sellers}) as postings,
             (select count(*) from ledger_entries where seller_id in ${sellers}) as entries,
             (select count(*) from ledger_accounts where seller_id in ${sellers}) as accounts`.execute(tx)
      const { rows: problems } = await sql<{ code: string; message: string }>`
      select * from (
        select 'posting_unbalanced' as code,
               format('Posting %s of seller %s sums to %s %s instead of 0.', posting_id, seller_id, sum(amount_minor), currency) as message
          from ledger_entries where seller_id in ${sellers}
         group by seller_id, posting_id, currency having sum(amount_minor) <> 0
        union all
        select 'posting_empty', format('Posting %s of seller %s has no entries.', p.id, p.seller_id)
          from ledger_postings p
         where p.seller_id in ${sellers}
           and not exists (select 1 from ledger_entries e where e.seller_id = p.seller_id and e.posting_id = p.id)
        union all
        select 'balance_wrong',
               format('Account %s (%s) of seller %s says %s %s, its entries sum to %s.', a.id, a.kind, a.seller_id, a.balance_minor, a.currency, coalesce(e.total, 0))
          from ledger_accounts a
          left join (select seller_id, ledger_account_id, sum(amount_minor) as total from ledger_entries group by 1, 2) e
            on e.seller_id = a.seller_id and e.ledger_account_id = a.id
         where a.seller_id in ${sellers} and a.balance_minor <> coalesce(e.total, 0)
        union all
        select 'currency_mixed', format('Posting %s of seller %s books %s on an account of %s.', e.posting_id, e.seller_id, e.currency, a.currency)
          from ledger_entries e
          join ledger_accounts a on a.seller_id = e.seller_id and a.id = e.ledger_account_id
         where e.seller_id in ${sellers} and a.currency <> e.currency
      ) found limit 100`.execute(tx)
      return { ok: problems.length === 0, checked: counted[0] ?? { postings: 0n, entries: 0n, accounts: 0n }, problems }
    })
}
