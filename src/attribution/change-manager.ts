import type { ManagerId } from '../accounts/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId, UserId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { hintChange } from '../platform/changes.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { assertManager, keyTaken } from './assert-manager.ts'
import { aboutManager } from './create-manager.ts'
import { claimKey, lockManagersOf, updateManager } from './manager-store.ts'
import { getManagerView } from './manager-view.ts'
import type { Manager, ManagerRole } from './schema.ts'

/** What is absent stays as it is. */
export interface ManagerChange {
  readonly name?: string | undefined
  readonly email?: string | undefined
  readonly phone?: string | undefined
  /** null takes the key back; nobody else is ever given it. */
  readonly key?: string | null | undefined
  readonly role?: ManagerRole | undefined
  readonly active?: boolean | undefined
  readonly userId?: UserId | null | undefined
  readonly supervisorId?: ManagerId | null | undefined
  readonly accountId?: TenantId | null | undefined
}

/**
 * Changes a manager. What was credited to them stays: only what comes from now on follows the new role, state or key.
 * Publishes `manager.updated`.
 *
 * @param ifMatch Refuses when the manager has another version.
 * @throws {BuylinkError} `not_found`; `version_mismatch`; `unprocessable` with every problem; `conflict`: the key is, or
 *   was, someone else's.
 */
export async function changeManager(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  { id, ifMatch, ...change }: ManagerChange & { readonly id: ManagerId; readonly ifMatch?: bigint | undefined },
): Promise<void> {
  await transaction(db, async (tx) => {
    const { before, colleagues } = await lockOne(tx, actor, id, ifMatch)
    const given = Object.fromEntries(
      FIELDS.map((field) => [field, change[field]]).filter(([, value]) => value !== undefined),
    )
    const after: Manager = { ...before, ...given, email: (change.email ?? before.email).toLowerCase() }
    const changed = FIELDS.filter((field) => after[field] !== before[field])
    if (changed.length === 0) return
    await assertManager(tx, after, colleagues)
    const at = clock.now()
    if (after.key !== null && after.key !== before.key && !(await claimKey(tx, after.key, id, at))) throw keyTaken()
    await updateManager(tx, after, at)
    const about = aboutManager(after, actor, at)
    const details = { role: after.role, active: after.active, is_partner: after.isPartner, changed: changed.map(snake) }
    await publish(tx, { ...about, type: 'manager.updated', payload: details })
    await audit(tx, { ...about, action: 'manager.update', details })
    await hintChange(tx, after.sellerId)
  })
}

/**
 * Takes a manager out of every list, links and sign-ins. Accounts and orders stay credited to them and say their name;
 * the key is never given to anybody else. Again: no change. Publishes `manager.deleted`.
 *
 * @throws {BuylinkError} `not_found`; `version_mismatch`.
 */
export async function deleteManager(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  { id, ifMatch }: { readonly id: ManagerId; readonly ifMatch?: bigint | undefined },
): Promise<void> {
  await transaction(db, async (tx) => {
    const { before } = await lockOne(tx, actor, id, ifMatch)
    const at = clock.now()
    await updateManager(tx, { ...before, active: false, deletedAt: at }, at)
    const about = aboutManager(before, actor, at)
    await publish(tx, { ...about, type: 'manager.deleted', payload: { is_partner: before.isPartner } })
    await audit(tx, { ...about, action: 'manager.delete', details: {} })
    await hintChange(tx, before.sellerId)
  })
}

async function lockOne(tx: Tx, actor: Principal, id: ManagerId, ifMatch: bigint | undefined) {
  const { sellerId } = await getManagerView(tx, actor, id)
  const colleagues = await lockManagersOf(tx, sellerId)
  const before = colleagues.find((manager) => manager.id === id)
  if (!before) throw new BuylinkError('not_found', 'There is no such manager.')
  if (ifMatch !== undefined && ifMatch !== before.version)
    throw new BuylinkError('version_mismatch', 'The manager was changed meanwhile. Load it again.')
  return { before, colleagues }
}

const FIELDS = [
  'name',
  'email',
  'phone',
  'key',
  'role',
  'active',
  'userId',
  'supervisorId',
  'accountId',
] as const satisfies readonly (keyof Manager)[]

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
