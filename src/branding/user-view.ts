import type { UserId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { visibleTo } from '../tenants/index.ts'
import { findUser, type User } from '../users/index.ts'

/** A user of a tenant that the actor sees. The table of sign-in names tells whose books the user is in. */
export async function findVisibleUser(db: Db, actor: Pick<Principal, 'path'>, id: UserId): Promise<User | undefined> {
  const login = await db.selectFrom('logins').where('user_id', '=', id).select('seller_id').executeTakeFirst()
  const user = login && (await findUser(db, login.seller_id, id))
  if (!user) return undefined
  const seen = await db
    .selectFrom('tenants')
    .where('id', '=', user.tenantId)
    .where(visibleTo(actor))
    .select('id')
    .executeTakeFirst()
  return seen && user
}
