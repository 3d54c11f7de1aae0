import { getAccount, type ManagerId, setManager } from '../accounts/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import { newId, type TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { findTenant, isAtOrBelow, tenantOf } from '../tenants/index.ts'
import { announceManager } from './link-account.ts'
import { getManagerView } from './manager-view.ts'
import { isSelfReferral } from './self-referral-view.ts'
import { insertAttribution } from './store.ts'

export interface Relinking {
  readonly accountId: TenantId
  /** null: nobody is credited from now on. */
  readonly managerId: ManagerId | null
  /** Why, in a person's words; it stays in the ledger. */
  readonly reason: string
  readonly ifMatch?: bigint | undefined
}

/**
 * Links an account to another manager, or to none, by a person's decision: the one way to move a linked account
 * (spec/buy-links.md "Attribution"). What was ordered until now stays credited as it was. The same manager again: no
 * change. Publishes `account.manager_changed`.
 *
 * @throws {BuylinkError} `not_found`; `forbidden` for whoever is not of the seller's staff; `version_mismatch`;
 *   `unprocessable`: no reason, or a manager who cannot be credited with this account.
 */
export async function relinkAccount(db: Db, clock: Clock, actor: Principal, input: Relinking): Promise<void> {
  await transaction(db, async (tx) => {
    const account = await getAccount(tx, actor, input.accountId)
    const seller = await findTenant(tx, tenantOf(account.sellerId))
    if (!seller || !isAtOrBelow(seller.path, actor.path) || actor.onlyManagerId !== null)
      throw new BuylinkError('forbidden', 'Only the provider’s staff link an account anew.')
    if (input.ifMatch !== undefined && input.ifMatch !== account.version)
      throw new BuylinkError('version_mismatch', 'The account was changed meanwhile. Load it again.')
    const note = input.reason.trim()
    if (note === '') throw wrong('reason', 'required', 'Say why: it stays in the history.')
    if (input.managerId === account.managerId) return
    const manager = input.managerId === null ? null : await getManagerView(tx, actor, input.managerId)
    if (manager) {
      const home = await findTenant(tx, manager.sellerId)
      if (!manager.active || manager.role !== 'sales' || !home || !isAtOrBelow(seller.path, home.path))
        throw wrong(
          'manager_id',
          'invalid',
          'Choose an active manager with the role sales, of this reseller or above it.',
        )
      if (await isSelfReferral(tx, account, manager.id))
        throw wrong(
          'manager_id',
          'self_referral',
          'This manager buys with this account: nobody is credited with their own orders.',
        )
    }
    const at = clock.now()
    if (!(await setManager(tx, account, input.managerId, at)))
      throw new BuylinkError('version_mismatch', 'The account was changed meanwhile. Load it again.')
    await insertAttribution(tx, {
      sellerId: account.sellerId,
      id: newId(at.getTime()),
      accountId: account.id,
      managerId: input.managerId,
      managerKey: manager?.key ?? null,
      reason: 'relinked',
      orderId: null,
      outcome: manager ? 'linked' : 'unlinked',
      refusal: null,
      channel: 'staff',
      touchedAt: null,
      actor,
      note,
      at,
    })
    const { sellerId, id: accountId } = account
    const { correlationId } = actor
    const told = { sellerId, accountId, reason: 'relinked', orderId: null, actor, correlationId, at } as const
    await announceManager(tx, told, input.managerId, account.managerId)
  })
}

const wrong = (path: string, code: string, message: string) =>
  new BuylinkError('unprocessable', message, { problems: [{ path, code, message }] })
