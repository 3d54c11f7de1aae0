import { BuylinkError } from '../kernel/errors.ts'
import { newId, type TenantId, type UserId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { hintChange } from '../platform/changes.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { getTenant, isSeller, tenantOf } from '../tenants/index.ts'
import { assertManager, keyTaken } from './assert-manager.ts'
import { claimKey, insertManager, lockManagersOf } from './manager-store.ts'
import type { Manager, ManagerRole } from './schema.ts'

export interface NewManager {
  /** A partner or the root. */
  readonly sellerId: TenantId
  readonly name: string
  readonly role: ManagerRole
  /** Absent: cannot be linked by links. Case-sensitive, unique in the installation, theirs for ever. */
  readonly key?: string | null | undefined
  /** The person who signs in as this manager: of the same seller, with the role `sales`. */
  readonly userId?: UserId | null | undefined
  readonly supervisorId?: string | null | undefined
  /** The account they buy with themselves. */
  readonly accountId?: TenantId | null | undefined
  readonly email?: string | undefined
  readonly phone?: string | undefined
  readonly active?: boolean | undefined
  /** A referral partner: no access to the panel, no notifications. */
  readonly isPartner?: boolean | undefined
}

/**
 * Adds someone customers can be credited to. Publishes `manager.created`.
 *
 * @throws {BuylinkError} `not_found`; `unprocessable` with every problem; `conflict`: the key is, or was, someone else's.
 */
export async function createManager(db: Db | Tx, clock: Clock, actor: Principal, input: NewManager): Promise<Manager> {
  return transaction(db, async (tx) => {
    const seller = await getTenant(tx, actor, input.sellerId)
    if (!isSeller(seller.kind)) throw new BuylinkError('unprocessable', `A ${seller.kind} has no managers.`)
    const at = clock.now()
    const manager: Manager = {
      id: newId(at.getTime()),
      sellerId: seller.sellerId,
      sellerPath: seller.path,
      userId: input.userId ?? null,
      supervisorId: input.supervisorId ?? null,
      accountId: input.accountId ?? null,
      name: input.name,
      email: (input.email ?? '').toLowerCase(),
      phone: input.phone ?? '',
      key: input.key ?? null,
      role: input.role,
      active: input.active ?? true,
      isPartner: input.isPartner ?? false,
      version: 1n,
      createdAt: at,
      deletedAt: null,
    }
    await assertManager(tx, manager, await lockManagersOf(tx, manager.sellerId))
    const isFree = await insertManager(tx, manager)
    if (!isFree || (manager.key !== null && !(await claimKey(tx, manager.key, manager.id, at)))) throw keyTaken()
    const about = aboutManager(manager, actor, at)
    const details = { role: manager.role, active: manager.active, is_partner: manager.isPartner }
    await publish(tx, { ...about, type: 'manager.created', payload: details })
    await audit(tx, { ...about, action: 'manager.create', details })
    await hintChange(tx, seller.sellerId)
    return manager
  })
}

/** What events and audit entries about a manager have in common. */
export const aboutManager = (manager: Pick<Manager, 'id' | 'sellerId'>, actor: Principal, at: Date) => ({
  sellerId: manager.sellerId,
  subject: { kind: 'manager', id: manager.id },
  tenantId: tenantOf(manager.sellerId),
  actor,
  correlationId: actor.correlationId,
  at,
})
