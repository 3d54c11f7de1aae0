import type { UserId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import { createBatcher } from '../platform/batcher.ts'
import type { Db } from '../platform/db.ts'
import { type IsOwnUpgrade, known, type UpsellUser, type UserAsked, upsellUsers } from './facts-view.ts'

/** As `upsellUser`. @throws {BuylinkError} `not_found`: there is no such user, or not for the viewer. */
export type ReadUser = (userId: UserId, viewer: Pick<Principal, 'path'>) => Promise<UpsellUser>

/**
 * Reads what every console and header asks for all the time: who waits meanwhile is read in the next statement, together.
 * One statement for thirty costs the database a seventh of thirty, and each still sees what was committed before it asked.
 */
export function createReadUser(db: Db, isOwnUpgrade: IsOwnUpgrade): ReadUser {
  const reads = createBatcher<'all', UserAsked, UpsellUser | undefined>({
    run: (_, asked) => upsellUsers(db, isOwnUpgrade, asked),
  })
  return async (userId, viewer) => known(await reads.submit('all', { userId, viewer }))
}
