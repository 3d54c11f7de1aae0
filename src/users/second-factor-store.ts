import { sql } from 'kysely'
import type { SellerId, UserId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'

/** Whose. */
export interface UserKey {
  readonly sellerId: SellerId
  readonly userId: UserId
}

export interface SecondFactor {
  /** Sealed. */
  readonly secret: Buffer
  readonly confirmedAt: Date | null
  readonly blockedUntil: Date | null
}

const of = ({ sellerId, userId }: UserKey) => ({ seller_id: sellerId, user_id: userId })

export const findFactor = (db: Db | Tx, key: UserKey): Promise<SecondFactor | undefined> =>
  db
    .selectFrom('second_factors')
    .where('seller_id', '=', key.sellerId)
    .where('user_id', '=', key.userId)
    .select(['secret', 'confirmed_at as confirmedAt', 'blocked_until as blockedUntil'])
    .executeTakeFirst()

/** Keeps a secret that is to be confirmed, in place of an unconfirmed one. @returns Whether it did: not over one in force. */
export async function proposeFactor(tx: Tx, key: UserKey, secret: Buffer, at: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows: written } = await tx
    .insertInto('second_factors')
    .values({ ...of(key), secret, created_at: at })
    .onConflict((conflict) =>
      conflict
        .columns(['seller_id', 'user_id'])
        .doUpdateSet({ secret, created_at: at })
        .where('second_factors.confirmed_at', 'is', null),
    )
    .executeTakeFirstOrThrow()
  return written === 1n
}

/** Puts the proposed factor in force. @returns Whether there was one. */
export async function confirmFactor(tx: Tx, key: UserKey, step: number, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('second_factors')
    .set({ confirmed_at: at, last_step: BigInt(step), failures: 0, blocked_until: null })
    .where('seller_id', '=', key.sellerId)
    .where('user_id', '=', key.userId)
    .where('confirmed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Uses up the code of a time step. @returns Whether it was still good: of two at once, one is. */
export async function useStep(db: Db | Tx, key: UserKey, step: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('second_factors')
    .set({ last_step: BigInt(step), failures: 0, blocked_until: null })
    .where('seller_id', '=', key.sellerId)
    .where('user_id', '=', key.userId)
    .where('last_step', '<', BigInt(step))
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Counts a wrong code; the `most`th in a row blocks until `until`. */
export async function countFailure(db: Db | Tx, key: UserKey, most: number, until: Date): Promise<void> {
  await db
    .updateTable('second_factors')
    .set({
      failures: sql<number>`case when failures + 1 >= ${most} then 0 else failures + 1 end`,
      blocked_until: sql<Date | null>`case when failures + 1 >= ${most} then ${until}::timestamptz else blocked_until end`,
    })
    .where('seller_id', '=', key.sellerId)
    .where('user_id', '=', key.userId)
    .execute()
}

export const removeFactor = async (tx: Tx, key: UserKey): Promise<boolean> => {
  const { numDeletedRows } = await tx
    .deleteFrom('second_factors')
    .where('seller_id', '=', key.sellerId)
    .where('user_id', '=', key.userId)
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}

export async function keepRecoveryCodes(tx: Tx, key: UserKey, hashes: readonly Buffer[]): Promise<void> {
  await tx
    .insertInto('recovery_codes')
    .values(hashes.map((hash) => ({ ...of(key), code_hash: hash })))
    .execute()
}

/** @returns Whether the code was there and unused. */
export async function useRecoveryCode(db: Db | Tx, key: UserKey, hash: Buffer, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('recovery_codes')
    .set({ used_at: at })
    .where('seller_id', '=', key.sellerId)
    .where('user_id', '=', key.userId)
    .where('code_hash', '=', hash)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export async function countRecoveryCodes(db: Db | Tx, key: UserKey): Promise<number> {
  const { count } = await db
    .selectFrom('recovery_codes')
    .where('seller_id', '=', key.sellerId)
    .where('user_id', '=', key.userId)
    .where('used_at', 'is', null)
    .select((eb) => eb.fn.countAll<bigint>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
