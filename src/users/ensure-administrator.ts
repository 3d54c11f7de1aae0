import { randomBytes } from 'node:crypto'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { createUser } from './create-user.ts'
import { hasUsers } from './store.ts'

/**
 * The operator's first administrator, made while the root has no users: that of `BUYLINK_ADMIN_EMAIL` and `_PASSWORD`,
 * else a generated one.
 *
 * @param actor The system at the root.
 * @returns An administrator that was generated, with the password, to be printed this once; null otherwise.
 */
export async function ensureAdministrator(
  db: Db,
  clock: Clock,
  actor: Principal,
  configured: { readonly email: string; readonly password: string } | undefined,
): Promise<{ readonly email: string; readonly password: string } | null> {
  if (await hasUsers(db, actor.sellerId, actor.tenantId)) return null
  // `.invalid` never gets mail (RFC 2606 §2): nobody else can be asked to reset it.
  const person = configured ?? { email: 'admin@buylink.invalid', password: randomBytes(12).toString('base64url') }
  await createUser(db, clock, actor, {
    ...person,
    tenantId: actor.tenantId,
    firstName: 'Operator',
    roles: ['root_admin'],
    emailConfirmed: true,
  })
  return configured ? null : person
}
