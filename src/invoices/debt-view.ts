import { sql } from 'kysely'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import { lockBalance } from '../ledger/index.ts'
import type { Tx } from '../platform/db.ts'

/**
 * What an account's balance is below zero, in minor units, its row locked. Funds that are only held for usage are the
 * account's still: they are owed once they are charged.
 */
export async function lockDebt(
  tx: Tx,
  key: { readonly sellerId: SellerId; readonly accountId: TenantId; readonly currency: string },
): Promise<bigint> {
  const balanceMinor = await lockBalance(tx, key)
  const { rows } = await sql<{ heldMinor: bigint }>`
    select -balance_minor as "heldMinor" from ledger_accounts
     where seller_id = ${key.sellerId} and kind = 'blocked_funds' and account_id = ${key.accountId}
       and currency = ${key.currency}`.execute(tx)
  const worth = balanceMinor + (rows[0]?.heldMinor ?? 0n)
  return worth < 0n ? -worth : 0n
}
