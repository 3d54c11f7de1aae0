import { createHash } from 'node:crypto'
import type { Pool } from 'pg'

/** A posting without its ids: when, what, whose, and how much on which account. */
const POSTINGS = `
select to_char(p.occurred_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS') || ' ' || p.kind || ' ' || coalesce(owner.name, '-') || ' '
       || string_agg(a.kind || ' ' || coalesce(whose.name, seller.name) || ' ' || e.amount_minor || ' ' || e.currency, ', '
                     order by a.kind collate "C", whose.name collate "C" nulls first) as line
  from ledger_postings p
  join ledger_entries e on e.seller_id = p.seller_id and e.posting_id = p.id
  join ledger_accounts a on a.seller_id = e.seller_id and a.id = e.ledger_account_id
  join tenants seller on seller.id = p.seller_id
  left join tenants owner on owner.id = p.account_id
  left join tenants whose on whose.id = a.account_id
 where p.occurred_at > $1 and p.occurred_at <= $2
 group by p.seller_id, p.id, p.occurred_at, p.kind, owner.name`

/** Hashes all postings, in the order of time and, within an instant, of their own text. */
export async function digestOf(
  pool: Pool,
  instants: readonly { readonly from: Date; readonly to: Date }[],
): Promise<string> {
  const hash = createHash('sha256')
  for (let start = 0; start < instants.length; start += 20) {
    const part = instants.slice(start, start + 20)
    const { rows } = await pool.query<{ line: string }>(
      `select line from (${POSTINGS}) lines order by line collate "C"`,
      [part[0]?.from, part.at(-1)?.to],
    )
    for (const { line } of rows) hash.update(`${line}\n`)
  }
  return hash.digest('hex')
}

export type Totals = Readonly<Record<string, Readonly<Record<string, string>>>>

/** What every kind of account of the ledger holds, in minor units, by currency. */
export async function totalsOf(pool: Pool): Promise<Totals> {
  const { rows } = await pool.query<{ currency: string; kind: string; total: string }>(
    `select currency, kind, sum(balance_minor)::text as total from ledger_accounts group by currency, kind order by currency collate "C", kind collate "C"`,
  )
  const byCurrency = Map.groupBy(rows, ({ currency }) => currency)
  return Object.fromEntries(
    [...byCurrency].map(([currency, kinds]) => [
      currency,
      Object.fromEntries(kinds.map(({ kind, total }) => [kind, total])),
    ]),
  )
}

// Alerts say where usage stands when a request is over: of one that brought several reports they tell the last state alone.
const COUNTS = `
select 'accounts' as name, count(*)::integer as count from accounts
union all select 'orders ' || type || ' ' || status, count(*) from orders group by type, status
union all select 'subscriptions ' || status, count(*) from subscriptions group by status
union all select 'payments ' || purpose || ' ' || status, count(*) from payments group by purpose, status
union all select 'receipts', count(*) from payment_receipts
union all select 'card charges ' || status, count(*) from card_charges group by status
union all select 'dunnings ' || subject_kind || ' ' || status, count(*) from dunnings group by subject_kind, status
union all select 'dunning steps ' || action || ' ' || outcome, count(*) from dunning_steps group by action, outcome
union all select 'usage reports', count(*) from usage_events
union all select 'consumption records', count(*) from consumption_records
union all select 'charges ' || status, count(*) from charges group by status
union all select 'postings ' || kind, count(*) from ledger_postings group by kind
union all select 'entries', count(*) from ledger_entries
union all select 'events ' || type, count(*) from events where type not like 'quota.%' group by type
order by 1`

/** How many there are of everything that a year leaves behind. */
export async function countsOf(pool: Pool): Promise<Readonly<Record<string, number>>> {
  const { rows } = await pool.query<{ name: string; count: number }>(COUNTS)
  return Object.fromEntries(rows.map(({ name, count }) => [name, Number(count)]))
}
