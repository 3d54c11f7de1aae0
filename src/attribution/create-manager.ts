import { BuylinkError } from '../kernel/errors.ts'
import { newId, type TenantId, type UserId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { hintChange } from '../platform/changes.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { getTenant, isSeller } from '../tenants/index.ts'
import { type Manager, ManagerKey, type ManagerRole } from './schema.ts'
import { insertManager } from './store.ts'

export interface NewManager {
  /** A partner or the root. */
  readonly sellerId: TenantId
  readonly name: string
  readonly role: ManagerRole
  /** Absent: cannot be linked by links. Case-sensitive, unique in the installation, theirs for ever. */
  readonly key?: string | null
  /** The person who signs in as this manager, of the same seller. */
  readonly userId?: UserId | null
  readonly email?: string
  readonly active?: boolean
  /** A referral partner: no access to the panel, no notifications. */
  readonly isPartner?: boolean
}

/**
 * Adds someone customers can be credited to. Publishes `manager.created`.
 *
 * @throws {BuylinkError} `not_found`; `unprocessable`: no seller, or a key of other characters; `conflict`: the key is taken.
 */
export async function createManager(db: Db | Tx, clock: Clock, actor: Principal, input: NewManager): Promise<Manager> {
  const key = input.key ?? null
  if (key !== null && !ManagerKey.safeParse(key).success)
    throw new BuylinkError('unprocessable', 'A key has 1 to 64 of the characters A-Z a-z 0-9 _ . -')
  return transaction(db, async (tx) => {
    const seller = await getTenant(tx, actor, input.sellerId)
    if (!isSeller(seller.kind)) throw new BuylinkError('unprocessable', `A ${seller.kind} has no managers.`)
    const at = clock.now()
    const manager: Manager = {
      id: newId(at.getTime()),
      sellerId: seller.sellerId,
      sellerPath: seller.path,
      userId: input.userId ?? null,
      name: input.name,
      email: input.email ?? '',
      key,
      role: input.role,
      active: input.active ?? true,
      isPartner: input.isPartner ?? false,
    }
    if (!(await insertManager(tx, manager, at)))
      throw new BuylinkError('conflict', 'This key is taken. Keys are unique and never given to someone else.')
    const about = {
      sellerId: seller.sellerId,
      subject: { kind: 'manager', id: manager.id },
      tenantId: seller.id,
      actor,
      correlationId: actor.correlationId,
      at,
    }
    const details = { role: manager.role, active: manager.active, is_partner: manager.isPartner }
    await publish(tx, { ...about, type: 'manager.created', payload: details })
    await audit(tx, { ...about, action: 'manager.create', details })
    await hintChange(tx, seller.sellerId)
    return manager
  })
}
