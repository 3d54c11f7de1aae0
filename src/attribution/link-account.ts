import { claimForManager, findAccount, type ManagerId } from '../accounts/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import { type CorrelationId, newId, type OrderId, type SellerId, type TenantId } from '../kernel/ids.ts'
import type { ActorLabel } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { audit, type NewAuditEntry, type NewEvent, publish } from '../platform/events/publish.ts'
import { findTenant, tenantOf } from '../tenants/index.ts'
import { type LinkDecision, mayLink } from './rules.ts'
import type { LinkReason } from './schema.ts'
import { findManagerByKey } from './manager-store.ts'
import { insertAttribution } from './store.ts'

export interface Linking {
  readonly sellerId: SellerId
  readonly accountId: TenantId
  /** What the link or the cookie carried; null: nothing, and nothing happens. */
  readonly managerKey: string | null
  readonly reason: LinkReason
  readonly orderId: OrderId | null
  readonly actor: ActorLabel
  readonly correlationId: CorrelationId
  readonly at: Date
}

/**
 * Credits an account to the manager of a key, when the rule says so. Two that come at once cannot both: the update asks
 * for no manager again. Publishes `account.manager_changed`. A refusal is a decision, not an error: it never stops an order.
 *
 * @throws {BuylinkError} `not_found`: the seller has no such account.
 */
export async function linkAccount(tx: Tx, linking: Linking): Promise<LinkDecision> {
  const { sellerId, accountId, managerKey: key, at } = linking
  if (!key) return { kind: 'keep', reason: 'no_key' }
  const account = await findAccount(tx, sellerId, accountId)
  const seller = await findTenant(tx, tenantOf(sellerId))
  if (!account || !seller) throw new BuylinkError('not_found', 'There is no such account.')
  const manager = await findManagerByKey(tx, key)
  const decision = mayLink({ manager, key, sellerPath: seller.path, account })
  if (decision.kind === 'keep') return decision
  if (!(await claimForManager(tx, account, decision.managerId, at))) return { kind: 'keep', reason: 'already_linked' }
  await insertAttribution(tx, {
    sellerId,
    id: newId(at.getTime()),
    accountId,
    managerId: decision.managerId,
    managerKey: key,
    reason: linking.reason,
    orderId: linking.orderId,
    at,
  })
  await publish(tx, managerChangedEvent(linking, decision.managerId))
  await audit(tx, managerChangedEntry(linking, decision.managerId))
  return decision
}

type Told = Omit<Linking, 'managerKey'>

/** *Account manager changed* of the seed. An order's own statement writes the same. */
const managerChangedEvent = (linking: Told, managerId: ManagerId): NewEvent => ({
  ...about(linking),
  type: 'account.manager_changed',
  payload: {
    account_id: linking.accountId,
    manager_id: managerId,
    reason: linking.reason,
    order_id: linking.orderId,
  },
})

/** Its entry in the audit log. */
const managerChangedEntry = (linking: Told, managerId: ManagerId): NewAuditEntry => ({
  ...about(linking),
  action: 'account.link_manager',
  details: { manager_id: managerId, reason: linking.reason, order_id: linking.orderId },
})

const about = ({ sellerId, accountId, actor, correlationId, at }: Told) => ({
  sellerId,
  subject: { kind: 'account', id: accountId },
  tenantId: accountId,
  actor,
  correlationId,
  at,
})
