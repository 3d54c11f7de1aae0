import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { Account, AccountView, ManagerId } from './schema.ts'

/** What an account's view takes from capabilities above this one; `server.ts` passes them in. */
export interface AccountFacts {
  /** Balances in minor units of the accounts' own currency; an account without entries may be absent. */
  balanceOf(db: Db | Tx, sellerId: SellerId, accountIds: readonly TenantId[]): Promise<ReadonlyMap<TenantId, bigint>>
  /** From memory; a manager who is not found any more is shown as none. */
  managerOf(id: ManagerId): { readonly id: ManagerId; readonly name: string } | undefined
}

/** Accounts as the API shows them, in the order given; one balance statement for each seller among them. */
export async function presentAccounts(
  db: Db | Tx,
  facts: AccountFacts,
  accounts: readonly Account[],
): Promise<AccountView[]> {
  const bySeller = Map.groupBy(accounts, (account) => account.sellerId)
  const balances = new Map<TenantId, bigint>()
  for (const [sellerId, own] of bySeller) {
    const found = await facts.balanceOf(
      db,
      sellerId,
      own.map((account) => account.id),
    )
    for (const [id, balance] of found) balances.set(id, balance)
  }
  return accounts.map((account) => {
    const manager = account.managerId === null ? undefined : facts.managerOf(account.managerId)
    return {
      id: account.id,
      number: String(account.number),
      name: account.name,
      registration: account.registration,
      status: account.status,
      holdReason: account.holdReason,
      customerType: account.customerType,
      companyName: account.companyName,
      vatId: account.vatId,
      country: account.country,
      region: account.region,
      city: account.city,
      street: account.street,
      zip: account.zip,
      phone: account.phone,
      currency: account.currency,
      manager: manager ? { id: manager.id, name: manager.name } : null,
      balance: { amountMinor: balances.get(account.id) ?? 0n, currency: account.currency },
      createdAt: account.createdAt,
      version: account.version,
    }
  })
}

export async function presentAccount(db: Db | Tx, facts: AccountFacts, account: Account): Promise<AccountView> {
  const [view] = await presentAccounts(db, facts, [account])
  if (!view) throw new Error('One account gives one view')
  return view
}
