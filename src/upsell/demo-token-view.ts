import type { UserTokens } from '../platform/auth/user-tokens.ts'
import type { Db } from '../platform/db.ts'

/** For the demonstration's console: whoever may open it on this machine may sign in as that user anyway. */
export async function mintDemoToken(db: Db, userTokens: UserTokens, email: string): Promise<string | undefined> {
  const user = await db
    .selectFrom('logins')
    .where('email', '=', email)
    .select(['seller_id as sellerId', 'user_id as userId'])
    .executeTakeFirst()
  return user && (await userTokens.issue({ ...user, origins: [] })).token
}
