import type { SellerId, UserId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'

export interface UserNotice {
  readonly id: string
  readonly title: string
  readonly body: string
  readonly url: string | null
  readonly createdAt: Date
  readonly readAt: Date | null
}

export async function insertNotice(
  tx: Tx,
  notice: Omit<UserNotice, 'readAt'> & {
    readonly sellerId: SellerId
    readonly userId: UserId
    readonly eventId: string
    readonly handler: string
  },
): Promise<void> {
  await tx
    .insertInto('notices')
    .values({
      seller_id: notice.sellerId,
      id: notice.id,
      user_id: notice.userId,
      event_id: notice.eventId,
      handler: notice.handler,
      title: notice.title,
      body: notice.body,
      url: notice.url,
      created_at: notice.createdAt,
      read_at: null,
    })
    .onConflict((conflict) => conflict.columns(['seller_id', 'event_id', 'handler', 'user_id']).doNothing())
    .execute()
}

interface Whose {
  readonly sellerId: SellerId
  readonly userId: UserId
}

export const listNotices = (
  db: Db,
  { sellerId, userId }: Whose,
  page: { readonly before?: string | undefined; readonly limit: number; readonly unread?: boolean | undefined },
): Promise<UserNotice[]> =>
  db
    .selectFrom('notices')
    .where('seller_id', '=', sellerId)
    .where('user_id', '=', userId)
    .$if(page.before !== undefined, (query) => query.where('id', '<', page.before ?? ''))
    .$if(page.unread === true, (query) => query.where('read_at', 'is', null))
    .select(['id', 'title', 'body', 'url', 'created_at as createdAt', 'read_at as readAt'])
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute()

/** How many are unread; counted up to a hundred, since nobody reads a larger number. */
export async function countUnread(db: Db, { sellerId, userId }: Whose): Promise<number> {
  const rows = await db
    .selectFrom('notices')
    .where('seller_id', '=', sellerId)
    .where('user_id', '=', userId)
    .where('read_at', 'is', null)
    .select('id')
    .limit(100)
    .execute()
  return rows.length
}

/** @param id undefined: all of them. @returns How many were unread. */
export async function markRead(db: Db, { sellerId, userId }: Whose, id: string | undefined, at: Date): Promise<number> {
  const rows = await db
    .updateTable('notices')
    .set({ read_at: at })
    .where('seller_id', '=', sellerId)
    .where('user_id', '=', userId)
    .where('read_at', 'is', null)
    .$if(id !== undefined, (query) => query.where('id', '=', id ?? ''))
    .returning('id')
    .execute()
  return rows.length
}
