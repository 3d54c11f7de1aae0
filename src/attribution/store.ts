import { type RawBuilder, sql } from 'kysely'
import type { ManagerId } from '../accounts/index.ts'
import type { OrderId, SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { visibleTo } from '../tenants/index.ts'
import type { LinkReason, Manager } from './schema.ts'

const COLUMNS = [
  'managers.id',
  'managers.seller_id as sellerId',
  'tenants.path as sellerPath',
  'managers.user_id as userId',
  'managers.name',
  'managers.email',
  'managers.key',
  'managers.role',
  'managers.active',
  'managers.is_partner as isPartner',
] as const

const managers = (db: Db | Tx) =>
  db.selectFrom('managers').innerJoin('tenants', 'tenants.id', 'managers.seller_id').select(COLUMNS)

export const listAllManagers = (db: Db | Tx): Promise<Manager[]> => managers(db).execute()

export const findManagerByKey = (db: Db | Tx, key: string): Promise<Manager | undefined> =>
  managers(db).where('managers.key', '=', key).executeTakeFirst()

/** Managers of sellers at or below the caller's tenant; only themselves for sales alone. In the order of creation. */
export const listVisibleManagers = (
  db: Db | Tx,
  viewer: { readonly path: string; readonly onlyManagerId: string | null },
  page: { readonly after?: ManagerId | undefined; readonly limit: number },
): Promise<Manager[]> =>
  managers(db)
    .where(visibleTo(viewer))
    .$if(viewer.onlyManagerId !== null, (query) => query.where('managers.id', '=', viewer.onlyManagerId ?? ''))
    .$if(page.after !== undefined, (query) => query.where('managers.id', '>', page.after ?? ''))
    .orderBy('managers.id')
    .limit(page.limit)
    .execute()

/** @returns false when the key is taken, anywhere in the installation. */
export async function insertManager(tx: Tx, manager: Manager, at: Date): Promise<boolean> {
  const row = await tx
    .insertInto('managers')
    .values({
      id: manager.id,
      seller_id: manager.sellerId,
      user_id: manager.userId,
      name: manager.name,
      email: manager.email,
      key: manager.key,
      role: manager.role,
      active: manager.active,
      is_partner: manager.isPartner,
      created_at: at,
      updated_at: at,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function insertAttribution(
  tx: Tx,
  attribution: {
    readonly sellerId: SellerId
    readonly id: string
    readonly accountId: TenantId
    readonly managerId: ManagerId
    readonly managerKey: string
    readonly reason: LinkReason
    readonly orderId: OrderId | null
    readonly at: Date
  },
): Promise<void> {
  await tx
    .insertInto('attributions')
    .values({
      seller_id: attribution.sellerId,
      id: attribution.id,
      account_id: attribution.accountId,
      manager_id: attribution.managerId,
      manager_key: attribution.managerKey,
      reason: attribution.reason,
      order_id: attribution.orderId,
      occurred_at: attribution.at,
    })
    .execute()
}

export const listAttributions = (db: Db | Tx, sellerId: SellerId, accountId: TenantId) =>
  db
    .selectFrom('attributions')
    .where('seller_id', '=', sellerId)
    .where('account_id', '=', accountId)
    .select([
      'manager_id as managerId',
      'manager_key as managerKey',
      'reason',
      'order_id as orderId',
      'occurred_at as occurredAt',
    ])
    .orderBy('id')
    .execute()

/** Part of the statement that says who a session stands for (`createPrincipalLoaders`): the manager a user is. */
export const managerOfUser: RawBuilder<string | null> = sql<
  string | null
>`(select m.id from managers m where m.user_id = users.id and m.seller_id = users.seller_id order by m.id limit 1)`
