import { sql } from 'kysely'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Db, Tx } from '../platform/db.ts'
import { livesBy } from '../platform/seller-clocks.ts'
import type { AccountStatus } from './schema.ts'

/** What decides whether an account may go on spending. Amounts are minor units of its currency. */
export interface CreditAccount {
  readonly sellerId: SellerId
  readonly id: TenantId
  readonly status: AccountStatus
  readonly currency: string
  readonly subzeroSince: Date | null
  readonly lowBalanceAt: Date | null
  readonly holdThresholdMinor: bigint
  readonly subzeroPeriodDays: number
  readonly stopType: 'automatic' | 'manual'
}

/** Locks an account with what its class says of credit, so that those who look at it queue up. */
export async function lockCredit(tx: Tx, sellerId: SellerId, id: TenantId): Promise<CreditAccount | undefined> {
  const { rows } = await sql<CreditAccount>`
    select a.seller_id as "sellerId", a.tenant_id as id, a.status, a.currency, a.subzero_since as "subzeroSince",
           a.low_balance_at as "lowBalanceAt", c.hold_threshold_minor as "holdThresholdMinor",
           c.subzero_period_days as "subzeroPeriodDays", c.stop_type as "stopType"
      from accounts a
      join account_classes c on c.seller_id = a.seller_id and c.id = a.account_class_id
     where a.seller_id = ${sellerId} and a.tenant_id = ${id}
       for update of a`.execute(tx)
  return rows[0]
}

/** Whether it is on hold, without a lock: it may have moved on meanwhile. */
export const findCredit = (
  tx: Tx,
  sellerId: SellerId,
  id: TenantId,
): Promise<Pick<CreditAccount, 'status'> | undefined> =>
  tx
    .selectFrom('accounts')
    .where('seller_id', '=', sellerId)
    .where('tenant_id', '=', id)
    .select('status')
    .executeTakeFirst()

/** Writes what was found out about a locked account; its version is raised only with its status. */
export async function saveCredit(
  tx: Tx,
  account: CreditAccount,
  found: {
    readonly status: AccountStatus
    readonly subzeroSince: Date | null
    readonly lowBalanceAt: Date | null
    readonly at: Date
  },
): Promise<void> {
  const isChanged = found.status !== account.status
  const isSame = (one: Date | null, other: Date | null) => one?.getTime() === other?.getTime()
  if (
    !isChanged &&
    isSame(found.subzeroSince, account.subzeroSince) &&
    isSame(found.lowBalanceAt, account.lowBalanceAt)
  )
    return
  await sql`
    update accounts
       set subzero_since = ${found.subzeroSince}, low_balance_at = ${found.lowBalanceAt}, status = ${found.status},
           version = version + ${isChanged ? 1 : 0}, updated_at = case when ${isChanged} then ${found.at}::timestamptz else updated_at end
     where seller_id = ${account.sellerId} and tenant_id = ${account.id}`.execute(tx)
}

/** Accounts whose time below zero is over and that are not on hold yet, of all sellers (a reviewed fan-out). */
export async function belowZero(db: Db, clock: Clock): Promise<{ sellerId: SellerId; id: TenantId }[]> {
  const at = clock.now()
  const { rows } = await sql<{ sellerId: SellerId; id: TenantId }>`
    select a.seller_id as "sellerId", a.tenant_id as id
      from accounts a join account_classes c on c.seller_id = a.seller_id and c.id = a.account_class_id
     where a.subzero_since is not null and a.status = 'active' and c.subzero_period_days >= 0
       and a.subzero_since <= ${at}::timestamptz - c.subzero_period_days * interval '24 hours'
       and ${livesBy(clock, 'a.seller_id')}
     order by a.subzero_since`.execute(db)
  return rows
}
