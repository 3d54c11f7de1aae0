import { sql } from 'kysely'
import type { OrderId, SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'

/** What each payer account may spend, in minor units of its currency; accounts without postings are left out (0). */
export async function balancesOf(
  db: Db,
  sellerId: SellerId,
  accountIds: readonly TenantId[],
): Promise<Map<TenantId, bigint>> {
  const { rows } = await sql<{ account_id: TenantId; balance: bigint }>`
    select account_id, -sum(balance_minor)::bigint as balance
      from ledger_accounts
     where seller_id = ${sellerId} and kind = 'customer_balance' and account_id = any(${[...accountIds]}::uuid[])
     group by account_id`.execute(db)
  return new Map(rows.map((row) => [row.account_id, row.balance]))
}

/**
 * What one account may spend now, with its row locked until the transaction ends: whoever spends from it queues here.
 *
 * @returns Minor units of `currency`; negative for a debt.
 */
export async function lockBalance(
  tx: Tx,
  key: { readonly sellerId: SellerId; readonly accountId: TenantId; readonly currency: string },
): Promise<bigint> {
  const { rows } = await sql<{ balance: bigint }>`
    select -balance_minor as balance from ledger_accounts
     where seller_id = ${key.sellerId} and kind = 'customer_balance' and account_id = ${key.accountId} and currency = ${key.currency}
       for update`.execute(tx)
  return rows[0]?.balance ?? 0n
}

/**
 * What the books hold of an order as income and as tax: booked less given back, in minor units of its currency. The
 * caller holds the order's lock, so that it stays so.
 */
export async function incomeOf(
  tx: Tx,
  sellerId: SellerId,
  orderId: OrderId,
): Promise<{ readonly netMinor: bigint; readonly taxMinor: bigint }> {
  const { rows } = await sql<{ netMinor: bigint; taxMinor: bigint }>`
    select coalesce(-sum(e.amount_minor) filter (where a.kind = 'revenue'), 0)::bigint as "netMinor",
           coalesce(-sum(e.amount_minor) filter (where a.kind = 'tax'), 0)::bigint as "taxMinor"
      from ledger_postings p
      join ledger_entries e on e.seller_id = p.seller_id and e.posting_id = p.id
      join ledger_accounts a on a.seller_id = e.seller_id and a.id = e.ledger_account_id
     where p.seller_id = ${sellerId} and p.order_id = ${orderId}`.execute(tx)
  return rows[0] ?? { netMinor: 0n, taxMinor: 0n }
}
