import { sql } from 'kysely'
import type { ManagerId } from '../accounts/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId, TenantId, UserId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { byText, byTime, type PageWish, readPage, listing } from '../platform/http/list.ts'
import { visibleTo } from '../tenants/index.ts'
import type { ManagerView } from './schema.ts'

/** Whoever looks: sales alone sees only themselves. */
export interface ManagerViewer {
  readonly path: string
  readonly onlyManagerId: string | null
}

export const MANAGER_LISTING = listing('oldest', {
  created_at: byTime('createdAt'),
  name: byText('name'),
  key: byText('key'),
  role: byText('role'),
  active: byText('active'),
  supervisor: byText(sql`x.supervisor ->> 'name'`),
})

export interface ManagerFilter extends PageWish {
  /** A part of name, e-mail address or key, taken as it is. */
  readonly query?: string | undefined
  readonly active?: boolean | undefined
  readonly isPartner?: boolean | undefined
}

/** Managers of sellers at or below the caller's tenant; deleted ones are gone. */
export function listManagerViews(
  db: Db | Tx,
  viewer: ManagerViewer,
  { query, active, isPartner, ...wish }: ManagerFilter,
): ReturnType<typeof readPage<ManagerView>> {
  const rows = sql`
    ${MANAGERS}
     where ${seenBy(viewer)}
       and (${query ?? null}::text is null or position(lower(${query ?? ''}) in lower(m.name || ' ' || m.email || ' ' || coalesce(m.key, ''))) > 0)
       and (${active ?? null}::boolean is null or m.active = ${active ?? null}::boolean)
       and (${isPartner ?? null}::boolean is null or m.is_partner = ${isPartner ?? null}::boolean)`
  return readPage(db, rows, MANAGER_LISTING, wish)
}

/** @throws {BuylinkError} `not_found`, also for what others have. */
export async function getManagerView(db: Db | Tx, viewer: ManagerViewer, id: ManagerId): Promise<ManagerView> {
  const { rows } = await sql<ManagerView>`${MANAGERS} where m.id = ${id} and ${seenBy(viewer)}`.execute(db)
  if (!rows[0]) throw new BuylinkError('not_found', 'There is no such manager.')
  return rows[0]
}

const seenBy = (viewer: ManagerViewer) => sql`
  m.deleted_at is null and ${visibleTo(viewer, 's')}
  and (${viewer.onlyManagerId}::uuid is null or m.id = ${viewer.onlyManagerId}::uuid)`

/** A user's row lies with the manager's own seller. */
const MANAGERS = sql`
  select m.id, m.name, m.email, m.phone, m.key, m.role, m.active, m.is_partner as "isPartner", m.seller_id as "sellerId",
         case when u.id is not null then jsonb_build_object('id', u.id, 'email', u.email) end as "user",
         case when b.id is not null then jsonb_build_object('id', b.id, 'name', b.name) end as supervisor,
         case when c.id is not null then jsonb_build_object('id', c.id, 'name', c.name) end as account,
         m.created_at as "createdAt", m.version
    from managers m
    join tenants s on s.id = m.seller_id
    left join users u on u.seller_id = m.seller_id and u.id = m.user_id
    left join managers b on b.id = m.supervisor_id and b.deleted_at is null
    left join tenants c on c.id = m.account_id`

/** Whether someone of the seller holds the role `sales`, so that they can sign in as a manager. */
export async function isSalesUser(db: Db | Tx, sellerId: SellerId, userId: UserId): Promise<boolean> {
  const { rows } = await sql`
    select from users u
      join access_policies p on p.seller_id = u.seller_id and p.user_id = u.id
     where u.seller_id = ${sellerId} and u.id = ${userId} and p.role_id = 'sales'`.execute(db)
  return rows.length > 0
}

/** Whether a tenant is a payer account of a seller at or below this one. */
export async function isAccountBelow(db: Db | Tx, sellerPath: string, accountId: TenantId): Promise<boolean> {
  const { rows } = await sql`
    select from tenants t where t.id = ${accountId} and t.kind = 'customer' and ${visibleTo({ path: sellerPath }, 't')}`.execute(
    db,
  )
  return rows.length > 0
}
