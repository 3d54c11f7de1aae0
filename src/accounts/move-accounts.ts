import { sql } from 'kysely'
import type { TenantId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import { platformError } from '../platform/http/v2.ts'
import type { SellerChange } from '../tenants/index.ts'
import { findDefaultClass } from './store.ts'

/** Keeps orders from being placed for accounts that are about to leave: placing waits for the row and reads it again. */
export async function holdAccounts(tx: Tx, { tenantIds, from }: SellerChange): Promise<void> {
  await tx
    .selectFrom('accounts')
    .where('seller_id', '=', from)
    .where('tenant_id', '=', sql<TenantId>`any(${[...tenantIds]}::uuid[])`)
    .orderBy('tenant_id')
    .select('tenant_id')
    .forUpdate()
    .execute()
}

/**
 * Opens payer accounts at another seller with what is known of them; who sold to them, and in which class they were, was
 * the old one's. There the account stays, deleted, for what the books say of it.
 *
 * @throws {BuylinkError} Platform code 1027: the new seller has no account class, or keeps its books in another currency.
 */
export async function moveAccounts(tx: Tx, { tenantIds, from, to, at }: SellerChange): Promise<void> {
  const ids = [...tenantIds]
  const accountClass = await findDefaultClass(tx, to)
  if (!accountClass) throw platformError('business_rules', 'The new seller has no account class yet.')
  await sql`
    insert into accounts (seller_id, tenant_id, account_class_id, registration, customer_type, company_name, vat_id, country,
                          region, city, street, zip, phone, currency, manager_id, self_registered, version, created_at, updated_at)
    select ${to}, tenant_id, ${accountClass.id}, registration, customer_type, company_name, vat_id, country,
           region, city, street, zip, phone,
           coalesce((select above.currency from tenants here join tenants above on above.path @> here.path
                      where here.id = ${to} and above.currency is not null order by nlevel(above.path) desc limit 1), currency),
           null, self_registered, version + 1, created_at, ${at}
      from accounts where seller_id = ${from} and tenant_id = any(${ids}::uuid[])
    on conflict (seller_id, tenant_id) do update
      set status = 'active', version = accounts.version + 1, updated_at = excluded.updated_at,
          registration = excluded.registration, company_name = excluded.company_name, country = excluded.country,
          region = excluded.region, city = excluded.city, street = excluded.street, zip = excluded.zip, phone = excluded.phone`.execute(
    tx,
  )
  await sql`
    update accounts set status = 'deleted', version = version + 1, updated_at = ${at}
     where seller_id = ${from} and tenant_id = any(${ids}::uuid[])`.execute(tx)
}
