import { sql } from 'kysely'
import type { SellerId, TenantId, UserId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'

/** Buyers whom an alert of a tenant is about and who want mails: of the customer and its units, or the one whose personal tenant it is. */
export async function buyersToMail(db: Db | Tx, sellerId: SellerId, tenantId: TenantId): Promise<UserId[]> {
  const { rows } = await sql<{ id: UserId }>`
    select u.id from users u
      join tenants t on t.id = u.tenant_id
      join tenants x on x.id = ${tenantId}
     where u.seller_id = ${sellerId} and u.enabled
       and 'buyer' = any(u.business_types) and 'quota' = any(u.notifications)
       and (u.personal_tenant_id = x.id or (x.kind = 'customer' and x.path @> t.path))
     order by u.id`.execute(db)
  return rows.map(({ id }) => id)
}

/** Whether someone gets quota mails; undefined: there is no such user any more. */
export async function findMailUser(
  db: Db | Tx,
  sellerId: SellerId,
  userId: UserId,
): Promise<{ readonly language: string; readonly wanted: boolean } | undefined> {
  const { rows } = await sql<{ language: string; wanted: boolean }>`
    select language, 'quota' = any(notifications) as wanted from users where seller_id = ${sellerId} and id = ${userId}`.execute(
    db,
  )
  return rows[0]
}

export interface Administrator {
  readonly id: UserId
  readonly email: string
  readonly language: string
  readonly tenantName: string
}

/** Administrators of a partner, folder or the root itself, who want quota mails; of a customer or unit nobody. */
export async function administratorsToMail(db: Db, sellerId: SellerId, tenantId: TenantId): Promise<Administrator[]> {
  const { rows } = await sql<Administrator>`
    select u.id, u.email, u.language, t.name as "tenantName"
      from tenants t join users u on u.seller_id = ${sellerId} and u.tenant_id = t.id
     where t.id = ${tenantId} and t.kind in ('root', 'partner', 'folder') and u.enabled and 'quota' = any(u.notifications)
       and exists (select from access_policies p where p.seller_id = u.seller_id and p.user_id = u.id and p.tenant_id = t.id
                      and p.role_id in ('root_admin', 'partner_admin'))
     order by u.id`.execute(db)
  return rows
}
