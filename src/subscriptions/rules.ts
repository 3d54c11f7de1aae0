import type { Subscription, SubscriptionResource, SubscriptionStatus } from './schema.ts'

/** Which status may follow which (spec/commerce.md "Subscriptions"). A failed state leads back to what failed: a retry. */
const NEXT: Readonly<Record<SubscriptionStatus, readonly SubscriptionStatus[]>> = {
  ordered: ['installing', 'cancelled'],
  installing: ['activating', 'installation_failed'],
  activating: ['active', 'activation_failed'],
  active: ['graced', 'updating', 'renewing', 'stopping'],
  graced: ['renewing', 'stopping'],
  updating: ['active', 'updating_failed'],
  renewing: ['active', 'renewing_failed'],
  stopping: ['stopped', 'stopping_failed'],
  stopped: ['activating', 'renewing', 'deleting'],
  deleting: ['deleted', 'deletion_failed'],
  deleted: [],
  installation_failed: ['installing', 'cancelled'],
  activation_failed: ['activating'],
  updating_failed: ['updating', 'active'],
  renewing_failed: ['renewing', 'active'],
  stopping_failed: ['stopping'],
  deletion_failed: ['deleting'],
  cancelled: [],
}

export const mayBecome = (from: SubscriptionStatus, to: SubscriptionStatus): boolean => NEXT[from].includes(to)

/** What may become `to`: the guard of the update that makes it so. */
export const sourcesOf = (to: SubscriptionStatus): SubscriptionStatus[] =>
  (Object.keys(NEXT) as SubscriptionStatus[]).filter((from) => mayBecome(from, to))

const UNDER_WAY: Partial<Record<SubscriptionStatus, string>> = {
  ordered: 'This subscription is not paid yet; it can be changed once it runs.',
  installing: 'This subscription is being set up right now; it can be changed once it runs.',
  activating: 'This subscription is being started right now; it can be changed once it runs.',
  updating: 'This subscription is being changed right now. Try again when that is done.',
  renewing: 'This subscription is being renewed right now. Try again when that is done.',
  graced: 'The period of this subscription has ended. Renew it first.',
  stopping: 'This subscription is being stopped right now.',
  stopped: 'This subscription is stopped. Start it again first.',
  deleting: 'This subscription is being deleted.',
  deleted: 'This subscription is deleted.',
  cancelled: 'The order of this subscription was cancelled.',
}

/** Why this subscription takes no change now; undefined where it does. */
export function hindranceOf(
  { status, trial, periodEndsAt }: Pick<Subscription, 'status' | 'trial' | 'periodEndsAt'>,
  at: Date,
): string | undefined {
  if (status !== 'active')
    return UNDER_WAY[status] ?? 'Something about this subscription failed. Your provider sees it and can try again.'
  if (trial) return 'A trial keeps what it came with. Order a paid period first.'
  if (periodEndsAt !== null && periodEndsAt <= at) return 'The period of this subscription has ended. Renew it first.'
  return undefined
}

/** What a tenant is allowed and uses of one usage, as `quotas` tells it. */
interface UsedQuota {
  readonly usageName: string
  readonly value: bigint | null
  readonly used: bigint | null
}

export interface TooMuchUsed {
  readonly usageName: string
  readonly used: bigint
  /** The quota as it would be. */
  readonly value: bigint
}

/** Usages that would be above their quota once a subscription grants less; what grants as much or more is no matter. */
export function usedAbove(
  before: readonly SubscriptionResource[],
  after: readonly SubscriptionResource[],
  quotas: readonly UsedQuota[],
): TooMuchUsed[] {
  const [old, next] = [grantsOf(before), grantsOf(after)]
  return quotas.flatMap(({ usageName, value: today, used }) => {
    const lost = (old.get(usageName) ?? 0n) - (next.get(usageName) ?? 0n)
    if (lost <= 0n || today === null || used === null || used <= today - lost) return []
    return [{ usageName, used, value: today - lost }]
  })
}

/** What resources add up to, by usage name: quantity × quota per unit. */
export function grantsOf(
  resources: readonly Pick<SubscriptionResource, 'usageName' | 'quotaPerUnit' | 'quantity'>[],
): Map<string, bigint> {
  const grants = new Map<string, bigint>()
  for (const { usageName, quotaPerUnit, quantity } of resources)
    if (usageName !== null && quotaPerUnit !== null)
      grants.set(usageName, (grants.get(usageName) ?? 0n) + quantity * quotaPerUnit)
  return grants
}
