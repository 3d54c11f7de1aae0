import { sql } from 'kysely'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { platformError } from '../platform/http/v2.ts'

interface Unsettled {
  readonly number: bigint
  readonly hasBalance: boolean
  readonly hasSubscription: boolean
  readonly hasOrder: boolean
}

/**
 * Refuses to take tenants out of their seller's books while something is open there: a balance, a live subscription or
 * an unfinished order (spec/commerce.md "Accounts and tenants").
 *
 * @throws {BuylinkError} Platform code 1027, saying what is open.
 */
export async function assertSettled(tx: Db | Tx, tenantIds: readonly TenantId[]): Promise<void> {
  const sellers = await tx
    .selectFrom('tenants')
    .where('id', '=', sql<TenantId>`any(${[...tenantIds]}::uuid[])`)
    .select('seller_id')
    .distinct()
    .execute()
  for (const { seller_id } of sellers) {
    const open = await firstUnsettled(tx, seller_id, tenantIds)
    if (!open) continue
    const what = open.hasBalance ? 'a balance' : open.hasSubscription ? 'a live subscription' : 'an open order'
    throw platformError('business_rules', `Tenant ${open.number} has ${what}; settle that first.`, {
      id: String(open.number),
    })
  }
}

async function firstUnsettled(
  tx: Db | Tx,
  sellerId: SellerId,
  tenantIds: readonly TenantId[],
): Promise<Unsettled | undefined> {
  const ids = [...tenantIds]
  const { rows } = await sql<Unsettled>`
    select number, "hasBalance", "hasSubscription", "hasOrder" from (
      select tenants.number,
             exists (select from ledger_accounts l where l.seller_id = ${sellerId} and l.account_id = tenants.id and l.balance_minor <> 0)
               as "hasBalance",
             exists (select from subscriptions s where s.seller_id = ${sellerId} and tenants.id in (s.account_id, s.tenant_id)
                       and s.status not in ('cancelled', 'deleted')) as "hasSubscription",
             exists (select from orders o where o.seller_id = ${sellerId} and o.account_id = tenants.id
                       and o.status not in ('completed', 'cancelled')) as "hasOrder"
        from tenants where tenants.id = any(${ids}::uuid[]) and tenants.seller_id = ${sellerId}) as standing
     where "hasBalance" or "hasSubscription" or "hasOrder" limit 1`.execute(tx)
  return rows[0]
}

/** @throws {BuylinkError} Platform code 1027: a partner that has a store, plans or managers does not become a folder. */
export async function assertNoShop(tx: Db | Tx, sellerId: SellerId): Promise<void> {
  const { rows } = await sql<{ sells: boolean }>`
    select exists (select from stores where seller_id = ${sellerId}) or exists (select from plans where seller_id = ${sellerId})
        or exists (select from plan_delegations where seller_id = ${sellerId})
        or exists (select from managers where seller_id = ${sellerId} and deleted_at is null) as sells`.execute(tx)
  if (rows[0]?.sells)
    throw platformError('business_rules', 'A partner that has a store, plans or managers does not become a folder.')
}
