import type { SubscriptionStatus } from './schema.ts'

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
