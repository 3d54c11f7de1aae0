import { createSeller } from '../accounts/index.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import type { Tenant } from '../tenants/index.ts'
import type { User } from '../users/index.ts'
import type { RegistrationFace } from './face.ts'
import { type Invited, invite } from './invite.ts'

/**
 * Makes a reseller below one that the actor sees, with its first administrator, who is mailed an invitation to set a
 * password. Publishes `tenant.created`, `user.created`.
 *
 * @throws {BuylinkError} `not_found`, `unprocessable` as `createSeller`.
 */
export async function createReseller(
  db: Db,
  clock: Clock,
  face: RegistrationFace,
  actor: Principal,
  input: {
    readonly parentId: TenantId
    readonly name: string
    readonly currency: string
    readonly language?: string | undefined
    readonly administrator: Invited
  },
): Promise<{ readonly tenant: Tenant; readonly administrator: User }> {
  const { parentId, name, currency, language, administrator } = input
  return transaction(db, async (tx) => {
    const tenant = await createSeller(tx, clock, actor, {
      parentId,
      name,
      currency,
      ...(language !== undefined && { language }),
    })
    const user = await invite(tx, clock, face, actor, {
      ...administrator,
      tenantId: tenant.id,
      roles: ['partner_admin'],
    })
    return { tenant, administrator: user }
  })
}
