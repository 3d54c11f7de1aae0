import { sql } from 'kysely'
import type { SellerId, UserId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { tenantOf } from '../tenants/index.ts'
import type { Context } from './context-view.ts'
import type { EventHandler, Recipient } from './schema.ts'

/** Someone to tell. */
export interface Reader {
  readonly why: Recipient | 'address'
  /** Whose user it is: a manager may belong to a seller above the account's. */
  readonly sellerId: SellerId
  /** null: someone who does not sign in. */
  readonly userId: UserId | null
  readonly email: string
  readonly name: string
  readonly language: string
}

/**
 * Who a handler tells of an event: each once, the first reason counts. A referral partner (a manager without access to
 * the panel) and an inactive manager are never told (facts A4.3, A5).
 */
export async function readReaders(
  db: Db | Tx,
  handler: Pick<EventHandler, 'recipients' | 'addresses'>,
  sellerId: SellerId,
  context: Context,
): Promise<Reader[]> {
  const readers: Reader[] = []
  if (handler.recipients.includes('manager') && context.managerId !== null)
    readers.push(...(await listManager(db, context.managerId)))
  if (handler.recipients.includes('customer') && context.accountId !== null)
    readers.push(...(await listPeople(db, sellerId, context.accountId, 'customer')))
  if (handler.recipients.includes('staff'))
    readers.push(...(await listPeople(db, sellerId, tenantOf(sellerId), 'staff')))
  for (const email of handler.addresses)
    readers.push({ why: 'address', sellerId, userId: null, email, name: '', language: 'en' })
  const seen = new Set<string>()
  return readers.filter(({ email }) => {
    const key = email.toLowerCase()
    if (key === '' || seen.has(key)) return false
    seen.add(key)
    return true
  })
}

async function listManager(db: Db | Tx, managerId: string): Promise<Reader[]> {
  const { rows } = await sql<Reader>`
    select 'manager' as why, m.seller_id as "sellerId", u.id as "userId", m.email, m.name, coalesce(u.language, 'en') as language
      from managers m left join users u on u.seller_id = m.seller_id and u.id = m.user_id and u.enabled
     where m.id = ${managerId} and m.active and not m.is_partner`.execute(db)
  return rows
}

const ROLES = {
  customer: ['company_admin', 'company_finance'],
  staff: ['root_admin', 'partner_admin'],
} as const

async function listPeople(
  db: Db | Tx,
  sellerId: SellerId,
  tenantId: string,
  why: 'customer' | 'staff',
): Promise<Reader[]> {
  const { rows } = await sql<Reader>`
    select ${why}::text as why, u.seller_id as "sellerId", u.id as "userId", u.email, trim(u.first_name || ' ' || u.last_name) as name, u.language
      from users u
     where u.seller_id = ${sellerId} and u.enabled
       and exists (select from access_policies p where p.seller_id = u.seller_id and p.user_id = u.id
                      and p.tenant_id = ${tenantId} and p.role_id = any(${[...ROLES[why]]}))
     order by u.id limit 200`.execute(db)
  return rows
}
