import type { ManagerId } from '../accounts/schema.ts'
import { isAtOrBelow } from '../tenants/rules.ts'
import type { Manager, Refusal } from './schema.ts'

/** What the rules need to know of a manager. */
export type Linkable = Pick<Manager, 'id' | 'key' | 'role' | 'active' | 'sellerPath'>

export type LinkDecision =
  | { readonly kind: 'link'; readonly managerId: ManagerId }
  | {
      readonly kind: 'keep'
      readonly reason: 'no_key' | Refusal
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

/** Why a touch links nobody, for the ledger: one without a key is not there. */
export const refusalOf = ({ reason }: Extract<LinkDecision, { kind: 'keep' }>): Refusal =>
  reason === 'no_key' ? 'no_manager' : reason

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
 * How a key came to a browser: by a page of the store, by a buy-link, by a token from another domain of the reseller;
 * `cookie`: one that does not say.
 */
export type Channel = 'store_page' | 'buy_link' | 'token' | 'cookie'

/** A visit that left a key, and nothing of who came. */
export interface Touch {
  readonly key: string
  readonly channel: Channel
  /** Of the visit; null: unknown. */
  readonly at: Date | null
}

/** A visit with a key at this moment; null for what is no key. */
export const touchOf = (key: string | null | undefined, channel: Channel, at: Date): Touch | null =>
  key && KEY.test(key) ? { key, channel, at } : null

const LETTERS = { store_page: 's', buy_link: 'b', token: 't', cookie: 'c' } as const satisfies Record<Channel, string>
const CHANNELS: Readonly<Record<string, Channel>> = { s: 'store_page', b: 'buy_link', t: 'token', c: 'cookie' }

/** As the cookie carries it: `carter81~b~t2k9qo`, the second of the visit in base 36. The key alone where that is unknown. */
export const formatTouch = ({ key, channel, at }: Touch): string =>
  at === null ? key : `${key}~${LETTERS[channel]}~${Math.floor(at.getTime() / 1000).toString(36)}`

/** Reads what `formatTouch` wrote, or a key alone; null for all else, and for a visit more than 30 days ago. */
export function parseTouch(text: string | null | undefined, now: Date): Touch | null {
  const [, key, letter = '', seconds] = /^([A-Za-z0-9_.-]{1,64})(?:~([sbtc])~([0-9a-z]{1,8}))?$/.exec(text ?? '') ?? []
  if (key === undefined) return null
  if (seconds === undefined) return { key, channel: 'cookie', at: null }
  // A clock that goes wrong makes no touch newer than now.
  const at = new Date(Math.min(Number.parseInt(seconds, 36) * 1000, now.getTime()))
  return lifeSeconds({ at }, now) > 0 ? { key, channel: CHANNELS[letter] ?? 'cookie', at } : null
}

/** How long a touch counts from now: what is left of its 30 days. */
export const lifeSeconds = ({ at }: Pick<Touch, 'at'>, now: Date): number =>
  MANAGER_COOKIE_MAX_AGE_SECONDS - (at === null ? 0 : Math.floor((now.getTime() - at.getTime()) / 1000))

/** What a visit brings and what the browser has, at a seller's store. */
export interface Visit {
  readonly incoming: Touch | null
  readonly existing: Touch | null
  readonly sellerPath: string
  readonly directory: { findByKey(key: string): Linkable | undefined }
}

/**
 * What a visit does to the cookie. The newest key that counts wins; one that counts for nobody does not replace one
 * that does.
 *
 * @returns The touch to set, also when its key is the same again (its month starts anew); null: leave the cookie alone.
 */
export function decideTouch({ incoming, existing, sellerPath, directory }: Visit): Touch | null {
  if (!incoming) return null
  const counts = ({ key }: Touch) => judgeKey({ manager: directory.findByKey(key), key, sellerPath }).kind === 'link'
  const existingCounts = existing !== null && counts(existing)
  if (!counts(incoming)) return existingCounts ? null : incoming
  return existingCounts && isNewer(existing, incoming) ? null : incoming
}

/** A token or a mail may bring a visit that is older than what this browser has seen since. */
const isNewer = (one: Touch, other: Touch): boolean => one.at !== null && other.at !== null && one.at > other.at

/**
 * What an order or a registration counts with: the link's own key before the cookie's, unless only the cookie's counts
 * for somebody.
 */
export const effectiveTouch = (visit: Visit): Touch | null => decideTouch(visit) ?? visit.existing
