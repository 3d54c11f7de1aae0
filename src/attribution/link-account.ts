import { claimForManager, findAccount, type ManagerId } from '../accounts/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import { type CorrelationId, newId, type OrderId, type SellerId, type TenantId } from '../kernel/ids.ts'
import type { ActorLabel } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { findTenant, tenantOf } from '../tenants/index.ts'
import { type LinkDecision, mayLink, refusalOf, type Touch } from './rules.ts'
import type { LinkReason } from './schema.ts'
import { findManagerByKey } from './manager-store.ts'
import { isSelfReferral } from './self-referral-view.ts'
import { insertAttribution } from './store.ts'

export interface Linking {
  readonly sellerId: SellerId
  readonly accountId: TenantId
  /** What the link or the cookie carried; null: nothing, and nothing happens. */
  readonly touch: Touch | null
  readonly reason: Exclude<LinkReason, 'relinked'>
  readonly orderId: OrderId | null
  readonly actor: ActorLabel
  readonly correlationId: CorrelationId
  readonly at: Date
}

/**
 * Credits an account to the manager of a key, when the rule says so. Two that come at once cannot both: the update asks
 * for no manager again. What came of it, and why, goes into the ledger of touches. Publishes `account.manager_changed`.
 * A refusal is a decision, not an error: it never stops an order.
 *
 * @throws {BuylinkError} `not_found`: the seller has no such account.
 */
export async function linkAccount(tx: Tx, linking: Linking): Promise<LinkDecision> {
  const { sellerId, accountId, touch, at } = linking
  if (!touch) return { kind: 'keep', reason: 'no_key' }
  const { key } = touch
  const account = await findAccount(tx, sellerId, accountId)
  const seller = await findTenant(tx, tenantOf(sellerId))
  if (!account || !seller) throw new BuylinkError('not_found', 'There is no such account.')
  const manager = await findManagerByKey(tx, key)
  const decision = await decide(tx, mayLink({ manager, key, sellerPath: seller.path, account }), linking)
  await insertAttribution(tx, {
    sellerId,
    id: newId(at.getTime()),
    accountId,
    managerId: manager?.id ?? null,
    managerKey: key,
    reason: linking.reason,
    orderId: linking.orderId,
    outcome: decision.kind === 'link' ? 'linked' : 'refused',
    refusal: decision.kind === 'link' ? null : refusalOf(decision),
    channel: touch.channel,
    touchedAt: touch.at,
    actor: linking.actor,
    note: '',
    at,
  })
  if (decision.kind === 'keep') return decision
  await announceManager(tx, linking, decision.managerId, null)
  return decision
}

/** What only the database can tell: whether they would earn from themselves, and whether another was faster. */
async function decide(tx: Tx, decision: LinkDecision, { sellerId, accountId, at }: Linking): Promise<LinkDecision> {
  if (decision.kind === 'keep') return decision
  const account = { sellerId, id: accountId }
  if (await isSelfReferral(tx, account, decision.managerId)) return { kind: 'keep', reason: 'self_referral' }
  return (await claimForManager(tx, account, decision.managerId, at))
    ? decision
    : { kind: 'keep', reason: 'already_linked' }
}

/** *Account manager changed* of the seed, and its entry in the audit log. An order's own statement writes the same. */
export async function announceManager(
  tx: Tx,
  {
    sellerId,
    accountId,
    reason,
    orderId,
    actor,
    correlationId,
    at,
  }: Omit<Linking, 'touch' | 'reason'> & { readonly reason: LinkReason },
  managerId: ManagerId | null,
  previousManagerId: ManagerId | null,
): Promise<void> {
  const about = { sellerId, subject: { kind: 'account', id: accountId }, tenantId: accountId, actor, correlationId, at }
  const details = { manager_id: managerId, previous_manager_id: previousManagerId, reason, order_id: orderId }
  await publish(tx, { ...about, type: 'account.manager_changed', payload: { account_id: accountId, ...details } })
  await audit(tx, { ...about, action: 'account.link_manager', details })
}
