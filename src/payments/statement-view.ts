import { sql } from 'kysely'
import { z } from 'zod'
import { getAccount } from '../accounts/index.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { byNumber, byText, byTime, readPage, sortInput, listing } from '../platform/http/list.ts'
import { Amount, idOf, Instant, pageInput, Uuid } from '../platform/http/schemas.ts'

export const Statement = z.object({
  balance: Amount.meta({ description: 'What may be spent now' }),
  blocked: Amount.meta({ description: 'Held for what was consumed and not yet charged' }),
  items: z.array(
    z.object({
      id: Uuid,
      kind: z.string().meta({ description: 'What happened: `payment_applied`, `paid_from_balance`, …' }),
      amount: Amount.meta({ description: 'Positive: the balance grew' }),
      balanceAfter: Amount,
      payment: z.object({ id: Uuid, number: z.string() }).nullable(),
      orderId: Uuid.nullable(),
      occurredAt: Instant,
    }),
  ),
  nextCursor: z.string().nullable(),
})
const LISTING = listing('newest', {
  occurred_at: byTime('occurredAt'),
  kind: byText('kind'),
  amount: byNumber('amountMinor'),
})
export const StatementQuery = z.object({ ...pageInput, ...sortInput(LISTING), accountId: idOf<TenantId>() })

interface Row {
  readonly id: string
  readonly kind: string
  readonly amountMinor: bigint
  readonly afterMinor: bigint
  readonly paymentId: string | null
  readonly paymentNumber: string | null
  readonly orderId: string | null
  readonly occurredAt: Date
}

/**
 * Everything that ever changed what an account may spend, newest first, each with the balance it left. Derived from
 * the ledger's entries, never kept beside them.
 *
 * @throws {BuylinkError} `not_found`.
 */
export async function accountStatement(
  db: Db,
  actor: Principal,
  { accountId, ...wish }: z.output<typeof StatementQuery>,
): Promise<z.output<typeof Statement>> {
  const account = await getAccount(db, actor, accountId)
  const entries = sql`
      select p.id, p.kind, -e.amount_minor as "amountMinor", (-sum(e.amount_minor) over (order by p.id))::bigint as "afterMinor",
             p.payment_id as "paymentId", pay.number as "paymentNumber", p.order_id as "orderId", p.occurred_at as "occurredAt"
        from ledger_accounts a
        join ledger_entries e on e.seller_id = a.seller_id and e.ledger_account_id = a.id
        join ledger_postings p on p.seller_id = e.seller_id and p.id = e.posting_id
        left join payments pay on pay.seller_id = p.seller_id and pay.id = p.payment_id
       where a.seller_id = ${account.sellerId} and a.kind = 'customer_balance' and a.account_id = ${account.id}
         and a.currency = ${account.currency}`
  const { rows: sums } = await sql<{ kind: string; minor: bigint }>`
    select kind, -balance_minor as minor from ledger_accounts
     where seller_id = ${account.sellerId} and account_id = ${account.id} and currency = ${account.currency}
       and kind in ('customer_balance', 'blocked_funds')`.execute(db)
  const money = (amountMinor: bigint) => ({ amountMinor, currency: account.currency })
  const sumOf = (kind: string) => money(sums.find((sum) => sum.kind === kind)?.minor ?? 0n)
  const page = await readPage<Row>(db, entries, LISTING, wish)
  return {
    balance: sumOf('customer_balance'),
    blocked: sumOf('blocked_funds'),
    items: page.items.map((row) => ({
      id: row.id,
      kind: row.kind,
      amount: money(row.amountMinor),
      balanceAfter: money(row.afterMinor),
      payment: row.paymentId && row.paymentNumber ? { id: row.paymentId, number: row.paymentNumber } : null,
      orderId: row.orderId,
      occurredAt: row.occurredAt,
    })),
    nextCursor: page.nextCursor,
  }
}
