import { type RawBuilder, sql } from 'kysely'
import type { ManagerId } from '../accounts/index.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { Manager } from './schema.ts'

const COLUMNS = [
  'managers.id',
  'managers.seller_id as sellerId',
  'tenants.path as sellerPath',
  'managers.user_id as userId',
  'managers.supervisor_id as supervisorId',
  'managers.account_id as accountId',
  'managers.name',
  'managers.email',
  'managers.phone',
  'managers.key',
  'managers.role',
  'managers.active',
  'managers.is_partner as isPartner',
  'managers.version',
  'managers.created_at as createdAt',
  'managers.deleted_at as deletedAt',
] as const

const managers = (db: Db | Tx) =>
  db.selectFrom('managers').innerJoin('tenants', 'tenants.id', 'managers.seller_id').select(COLUMNS)

/** Deleted ones too: orders still name them. */
export const listAllManagers = (db: Db | Tx): Promise<Manager[]> => managers(db).execute()

/** Of one seller, in the order of creation; deleted ones are gone. */
export const listManagersOf = (db: Db | Tx, sellerId: SellerId): Promise<Manager[]> =>
  managers(db)
    .where('managers.seller_id', '=', sellerId)
    .where('managers.deleted_at', 'is', null)
    .orderBy('managers.id')
    .execute()

/** Who has the key now. */
export const findManagerByKey = (db: Db | Tx, key: string): Promise<Manager | undefined> =>
  managers(db).where('managers.key', '=', key).where('managers.deleted_at', 'is', null).executeTakeFirst()

/** Deleted ones too. */
export const findManager = (db: Db | Tx, id: ManagerId): Promise<Manager | undefined> =>
  managers(db).where('managers.id', '=', id).executeTakeFirst()

/**
 * All managers of a seller, locked in the order of their ids until the transaction ends: two changes of supervisors at
 * once cannot make a circle.
 */
export const lockManagersOf = (tx: Tx, sellerId: SellerId): Promise<Manager[]> =>
  managers(tx)
    .where('managers.seller_id', '=', sellerId)
    .where('managers.deleted_at', 'is', null)
    .orderBy('managers.id')
    .forNoKeyUpdate(['managers'])
    .execute()

/**
 * Gives a key to a manager for ever: also when it is taken back it is nobody else's.
 * @returns false when it is, or was, someone else's, anywhere in the installation.
 */
export async function claimKey(tx: Tx, key: string, managerId: ManagerId, at: Date): Promise<boolean> {
  await tx
    .insertInto('manager_keys')
    .values({ key, manager_id: managerId, given_at: at })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
  const row = await tx.selectFrom('manager_keys').where('key', '=', key).select('manager_id').executeTakeFirst()
  return row?.manager_id === managerId
}

const rowOf = (manager: Manager) => ({
  user_id: manager.userId,
  supervisor_id: manager.supervisorId,
  account_id: manager.accountId,
  name: manager.name,
  email: manager.email,
  phone: manager.phone,
  key: manager.key,
  role: manager.role,
  active: manager.active,
})

/** @returns false when someone has the key now; `claimKey` tells of those who had it. */
export async function insertManager(tx: Tx, manager: Manager): Promise<boolean> {
  const row = await tx
    .insertInto('managers')
    .values({
      ...rowOf(manager),
      id: manager.id,
      seller_id: manager.sellerId,
      is_partner: manager.isPartner,
      created_at: manager.createdAt,
      updated_at: manager.createdAt,
      deleted_at: null,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Writes all that may change of a locked manager, and a new version. */
export async function updateManager(tx: Tx, manager: Manager, at: Date): Promise<void> {
  await tx
    .updateTable('managers')
    .set({
      ...rowOf(manager),
      deleted_at: manager.deletedAt,
      version: sql<bigint>`version + 1`,
      updated_at: at,
    })
    .where('id', '=', manager.id)
    .where('seller_id', '=', manager.sellerId)
    .execute()
}

/** Whether someone signs in as another manager already. */
export async function isUserTaken(tx: Tx, userId: string, exceptId: ManagerId): Promise<boolean> {
  const row = await tx
    .selectFrom('managers')
    .where('user_id', '=', userId)
    .where('deleted_at', 'is', null)
    .where('id', '<>', exceptId)
    .select('id')
    .executeTakeFirst()
  return row !== undefined
}

/** The manager someone signs in as. */
export const findManagerOfUser = (db: Db | Tx, sellerId: SellerId, userId: string): Promise<Manager | undefined> =>
  managers(db)
    .where('managers.seller_id', '=', sellerId)
    .where('managers.user_id', '=', userId)
    .where('managers.deleted_at', 'is', null)
    .executeTakeFirst()

/** Part of the statement that says who a session stands for (`createPrincipalLoaders`): the manager a user is. */
export const managerOfUser: RawBuilder<string | null> = sql<
  string | null
>`(select m.id from managers m where m.user_id = users.id and m.seller_id = users.seller_id and m.deleted_at is null)`
