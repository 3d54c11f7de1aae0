import { sql } from 'kysely'
import type { ManagerId } from '../accounts/index.ts'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'

/**
 * Whether an account would be credited to whoever buys with it: it is the manager's own account, or one of its people
 * has the e-mail address of the manager, or of the user who signs in as them.
 */
export async function isSelfReferral(
  db: Db | Tx,
  account: { readonly sellerId: SellerId; readonly id: TenantId },
  managerId: ManagerId,
): Promise<boolean> {
  const { rows } = await sql`
    select from managers m
      left join users own on own.seller_id = m.seller_id and own.id = m.user_id
     where m.id = ${managerId}
       and (m.account_id = ${account.id} or exists (
         select from users u
           join tenants t on t.id = u.tenant_id
           join tenants a on a.id = ${account.id}
          where u.seller_id = ${account.sellerId} and t.path <@ a.path
            and lower(u.email) in (nullif(lower(m.email), ''), lower(own.email))))`.execute(db)
  return rows.length > 0
}
