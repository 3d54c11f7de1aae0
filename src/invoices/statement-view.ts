import { sql } from 'kysely'
import { getAccount } from '../accounts/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import { addDays, type Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import type { AccountStatement, StatementLine, StatementQuery } from './statement-shape.ts'

/** Lines of one statement; who has more asks by shorter periods. */
const MOST = 20_000

/** Accounts of the ledger that hold what is the customer's; what goes from one of them to another is no change of it. */
const OWN = ['customer_balance', 'blocked_funds', 'unapplied_cash'] as const

interface Row {
  readonly id: string
  readonly at: Date
  readonly kind: string
  readonly amountMinor: bigint
  readonly title: string
  readonly invoiceId: string | null
  readonly invoiceNumber: string | null
  readonly orderId: string | null
  readonly orderNumber: string | null
  readonly paymentId: string | null
  readonly paymentNumber: string | null
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10)

/**
 * An account's statement of a period, out of the ledger: what was the customer's at its beginning, every posting that
 * changed it, what was at its end. Funds held for usage are the customer's until they are charged, and money received for
 * an order until it is booked; so hours of usage are no lines, and the month is one.
 *
 * @throws {BuylinkError} `not_found`; `unprocessable`: a period that ends before it begins, or with too many lines.
 */
export async function accountStatement(
  db: Db,
  clock: Clock,
  actor: Principal,
  { accountId, from: asked, until: last = clock.now() }: StatementQuery,
): Promise<AccountStatement> {
  const account = await getAccount(db, actor, accountId)
  const from = asked ?? new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), 1))
  const until = addDays(new Date(`${dayOf(last)}T00:00:00Z`), 1)
  if (from >= until)
    throw new BuylinkError('unprocessable', 'A statement ends on the day it begins on at the earliest.')
  const entries = sql`
    from ledger_accounts a
    join ledger_entries e on e.seller_id = a.seller_id and e.ledger_account_id = a.id
    join ledger_postings p on p.seller_id = e.seller_id and p.id = e.posting_id
   where a.seller_id = ${account.sellerId} and a.account_id = ${account.id} and a.currency = ${account.currency}
     and a.kind = any(${[...OWN]}::text[])`
  // One snapshot, so that lines and balances belong together while money moves.
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const { rows: sums } = await sql<{ kind: (typeof OWN)[number]; before: bigint; after: bigint }>`
      select a.kind, coalesce(-sum(e.amount_minor) filter (where p.occurred_at < ${from}), 0)::bigint as before,
             coalesce(-sum(e.amount_minor), 0)::bigint as after
        ${entries} and p.occurred_at < ${until} group by a.kind`.execute(tx)
      const { rows } = await sql<Row>`
      select m.*, coalesce(o.snapshot->'plan'->>'name', s.name, pay.description, '') as title, i.id as "invoiceId", i.number as "invoiceNumber",
             o.number as "orderNumber", pay.number as "paymentNumber"
        from (
          select p.seller_id, p.id, p.occurred_at as at, p.kind, p.order_id as "orderId", p.payment_id as "paymentId", p.natural_key,
                 (-sum(e.amount_minor))::bigint as "amountMinor"
            ${entries} and p.occurred_at >= ${from} and p.occurred_at < ${until}
           group by p.seller_id, p.id having sum(e.amount_minor) <> 0
           order by p.occurred_at, p.id limit ${MOST + 1}
        ) m
        left join invoices i on i.seller_id = m.seller_id and i.posting_id = m.id
        left join orders o on o.seller_id = m.seller_id and o.id = m."orderId"
        left join payments pay on pay.seller_id = m.seller_id and pay.id = m."paymentId"
        left join subscriptions s on s.seller_id = m.seller_id and m.kind = 'usage_charged'
              and s.id::text = split_part(m.natural_key, ':', 2)
       order by m.at, m.id`.execute(tx)
      if (rows.length > MOST)
        throw new BuylinkError('unprocessable', `These are more than ${MOST} lines. Ask for a shorter period.`)
      const money = (amountMinor: bigint) => ({ amountMinor, currency: account.currency })
      const sumOf = (when: 'before' | 'after', ...kinds: string[]) =>
        sums.filter(({ kind }) => kinds.includes(kind)).reduce((sum, each) => sum + each[when], 0n)
      const named = (id: string | null, number: string | null) => (id && number ? { id, number } : null)
      const opening = sumOf('before', ...OWN)
      let balanceMinor = opening
      return {
        account: { id: account.id, number: String(account.number), name: account.name },
        currency: account.currency,
        from: dayOf(from),
        until: dayOf(last),
        opening: money(opening),
        closing: money(sumOf('after', ...OWN)),
        parts: {
          available: money(sumOf('after', 'customer_balance')),
          held: money(sumOf('after', 'blocked_funds')),
          unapplied: money(sumOf('after', 'unapplied_cash')),
        },
        items: rows.map((row): StatementLine => {
          balanceMinor += row.amountMinor
          return {
            id: row.id,
            at: row.at,
            kind: row.kind,
            amount: money(row.amountMinor),
            balance: money(balanceMinor),
            title: row.title,
            invoice: named(row.invoiceId, row.invoiceNumber),
            order: named(row.orderId, row.orderNumber),
            payment: named(row.paymentId, row.paymentNumber),
          }
        }),
      }
    })
}
