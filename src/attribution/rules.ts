import type { ManagerId } from '../accounts/schema.ts'
import { isAtOrBelow } from '../tenants/rules.ts'
import type { Manager } from './schema.ts'

/** What the rules need to know of a manager. */
export type Linkable = Pick<Manager, 'id' | 'key' | 'role' | 'active' | 'sellerPath'>

export type LinkDecision =
  | { readonly kind: 'link'; readonly managerId: ManagerId }
  | {
      readonly kind: 'keep'
      readonly reason: 'no_key' | 'no_manager' | 'inactive' | 'not_sales' | 'other_seller' | 'already_linked'
    }

/** Whether a manager stands somewhere above their own supervisor; `colleagues` as they were before the change. */
export function isAboveInLine(
  manager: Pick<Manager, 'id' | 'supervisorId'>,
  colleagues: readonly Pick<Manager, 'id' | 'supervisorId'>[],
): boolean {
  const above = new Map(colleagues.map(({ id, supervisorId }) => [id, supervisorId]))
  const seen = new Set<string>()
  let next = manager.supervisorId
  while (next !== null && next !== manager.id && !seen.has(next)) {
    seen.add(next)
    next = above.get(next) ?? null
  }
  return next === manager.id
}

const KEY = /^[A-Za-z0-9_.-]{1,64}$/

/**
 * Whether a key credits customers of a seller to a manager: an active sales person with exactly this key, who belongs
 * to this reseller or to one above it (seed "manager_key"; the seller is spec/buy-links.md "Attribution").
 */
export function judgeKey(question: {
  readonly manager: Linkable | undefined
  readonly key: string | null | undefined
  readonly sellerPath: string
}): LinkDecision {
  const { manager, key, sellerPath } = question
  if (!key) return { kind: 'keep', reason: 'no_key' }
  // Not folded: `carter81` and `Carter81` are two keys.
  if (!manager || manager.key !== key) return { kind: 'keep', reason: 'no_manager' }
  if (!manager.active) return { kind: 'keep', reason: 'inactive' }
  if (manager.role !== 'sales') return { kind: 'keep', reason: 'not_sales' }
  if (!isAtOrBelow(sellerPath, manager.sellerPath)) return { kind: 'keep', reason: 'other_seller' }
  return { kind: 'link', managerId: manager.id }
}

/** The whole rule: the key counts here, and the account has no manager yet. A linked account is never linked again. */
export function mayLink(question: {
  readonly manager: Linkable | undefined
  readonly key: string | null | undefined
  readonly sellerPath: string
  readonly account: { readonly managerId: ManagerId | null }
}): LinkDecision {
  const decision = judgeKey(question)
  if (decision.kind === 'link' && question.account.managerId !== null) return { kind: 'keep', reason: 'already_linked' }
  return decision
}

export const MANAGER_COOKIE = 'buylink_manager'
/** 30 days from the last visit with a key, the month of the seed. */
export const MANAGER_COOKIE_MAX_AGE_SECONDS = 2_592_000

/**
 * What a visit with a key does to the cookie. The newest key that counts wins; one that counts for nobody does not
 * replace one that does.
 *
 * @returns The key to set, also when it is the same again (its month starts anew); null: leave the cookie alone.
 */
export function decideManagerCookie(visit: {
  readonly incomingKey: string | null | undefined
  readonly existingKey: string | null | undefined
  readonly sellerPath: string
  readonly directory: { findByKey(key: string): Linkable | undefined }
}): string | null {
  const { incomingKey, existingKey, sellerPath, directory } = visit
  if (!incomingKey || !KEY.test(incomingKey)) return null
  const counts = (key: string) => judgeKey({ manager: directory.findByKey(key), key, sellerPath }).kind === 'link'
  if (counts(incomingKey)) return incomingKey
  return existingKey && counts(existingKey) ? null : incomingKey
}

/**
 * The key that an order or a registration counts with: the link's own before the cookie's, unless only the cookie's
 * counts for somebody.
 */
export function effectiveKey(visit: Parameters<typeof decideManagerCookie>[0]): string | null {
  return decideManagerCookie(visit) ?? (visit.existingKey && KEY.test(visit.existingKey) ? visit.existingKey : null)
}
