import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { aboutAccount } from './create-account.ts'
import { getAccount } from './get-account.ts'
import { lockAccount, setHold } from './store.ts'

export interface HoldChange {
  readonly id: TenantId
  /** Whether the account is to be on hold. */
  readonly held: boolean
  /** Told to the account's people when held; kept in the audit log either way. */
  readonly reason: string
  /** Refuses when the account has another version. */
  readonly ifMatch?: bigint | undefined
}

/**
 * Puts an account on administrative hold, so that nothing can be ordered, or lets it go on; what runs is not touched.
 * As it is already: no change. Publishes `account.hold`, `account.hold_ended`.
 *
 * @throws {BuylinkError} `not_found`; `forbidden`: one's own account; `version_mismatch`.
 */
export async function holdAccount(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  { id, held, reason, ifMatch }: HoldChange,
): Promise<void> {
  await transaction(db, async (tx) => {
    const { sellerId } = await getAccount(tx, actor, id)
    if (actor.tenantId === id) throw new BuylinkError('forbidden', 'An account is held and released by its provider.')
    const account = await lockAccount(tx, sellerId, id)
    if (!account || account.status === 'deleted') throw new BuylinkError('not_found', 'There is no such account.')
    if (ifMatch !== undefined && ifMatch !== account.version)
      throw new BuylinkError('version_mismatch', 'The account was changed meanwhile. Load it again.')
    if ((account.status === 'administrative_hold') === held) return
    const at = clock.now()
    // What it owes is looked at again by the review of credit, which leaves held accounts alone.
    await setHold(tx, account, { status: held ? 'administrative_hold' : 'active', reason: held ? reason : '' }, at)
    const about = aboutAccount(account, actor, at)
    await publish(tx, { ...about, type: held ? 'account.hold' : 'account.hold_ended', payload: { account_id: id } })
    await audit(tx, { ...about, action: held ? 'account.hold' : 'account.release', details: { reason } })
  })
}
