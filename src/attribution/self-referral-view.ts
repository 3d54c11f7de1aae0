import { sql } from 'kysely'
import type { ManagerId } from '../accounts/index.ts'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'

/**
 * Whether an account would be credited to whoever buys with it: it is the manager's own account; one of its people has
 * the e-mail address of the manager, of the user who signs in as them, or of somebody of the manager's own account; or
 * the same company pays, by its VAT number.
 */
export async function isSelfReferral(
  db: Db | Tx,
  account: { readonly sellerId: SellerId; readonly id: TenantId },
  managerId: ManagerId,
): Promise<boolean> {
  const { rows } = await sql`
    with manager as (
      select m.seller_id, m.user_id, lower(m.email) as email, m.account_id, t.seller_id as account_seller_id, t.path as account_path
        from managers m left join tenants t on t.id = m.account_id
       where m.id = ${managerId}
    ), addresses as (
      select email from manager where email <> ''
      union select lower(u.email) from manager m join users u on u.seller_id = m.seller_id and u.id = m.user_id
      union select lower(u.email) from manager m
              join tenants t on t.path <@ m.account_path
              join users u on u.seller_id = m.account_seller_id and u.tenant_id = t.id
    )
    select from manager m
     where m.account_id = ${account.id}
        or exists (select from users u
                     join tenants t on t.id = u.tenant_id
                     join tenants a on a.id = ${account.id}
                    where u.seller_id = ${account.sellerId} and t.path <@ a.path
                      and lower(u.email) in (select email from addresses))
        or exists (select from accounts own
                     join accounts theirs on theirs.seller_id = ${account.sellerId} and theirs.tenant_id = ${account.id}
                    where own.seller_id = m.account_seller_id and own.tenant_id = m.account_id
                      and ${plain('own')} = ${plain('theirs')} and ${plain('own')} <> '')`.execute(db)
  return rows.length > 0
}

/** A VAT number as it is meant, however it is written: `DE 123.456.789`. */
const plain = (table: string) => sql`regexp_replace(upper(${sql.ref(`${table}.vat_id`)}), '[^A-Z0-9]', '', 'g')`
