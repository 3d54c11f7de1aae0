import { BuylinkError } from '../kernel/errors.ts'
import type { UserId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import type { User } from './schema.ts'
import { updateUser } from './store.ts'

/** Writes the signed-in person's own name and phone. @throws {BuylinkError} `not_found`: the caller is no user. */
export async function updateProfile(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  profile: { readonly firstName?: string; readonly lastName?: string; readonly phone?: string },
): Promise<User> {
  return transaction(db, async (tx) => {
    const at = clock.now()
    const user = actor.kind === 'user' && (await updateUser(tx, actor.sellerId, actor.id as UserId, at, profile))
    if (!user) throw new BuylinkError('not_found', 'Only a signed-in user has a profile.')
    await audit(tx, {
      sellerId: user.sellerId,
      subject: { kind: 'user', id: user.id },
      tenantId: user.tenantId,
      actor,
      correlationId: actor.correlationId,
      at,
      action: 'user.update',
      details: { fields: Object.keys(profile) },
    })
    return user
  })
}
