import { addDays, addMonths, DAY_MS } from '../kernel/time.ts'
import type { Subscription, SubscriptionResource, SubscriptionStatus } from './schema.ts'

/** It serves its customer, whatever is just being done to it. */
export const RUNNING: readonly SubscriptionStatus[] = ['active', 'graced', 'updating', 'renewing']

/** Which status may follow which (spec/commerce.md "Subscriptions"). A failed state leads back to what failed: a retry. */
const NEXT: Readonly<Record<SubscriptionStatus, readonly SubscriptionStatus[]>> = {
  ordered: ['installing', 'cancelled'],
  installing: ['activating', 'installation_failed'],
  activating: ['active', 'graced', 'activation_failed'],
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
  renewing_failed: ['renewing', 'stopped'],
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

/** How long a period is; null: endless, paid by the month. */
type Length = { readonly value: number; readonly unit: 'days' | 'months' | 'years' } | null

/**
 * When a period ends that begins at `startsAt`. Months keep the day that the first one began on, where they have it:
 * 31 January, 28 February, 31 March. All in UTC, so that no change of clocks moves it.
 */
export function endOfPeriod(startsAt: Date, length: Length, anchorDay: number): Date {
  if (length?.unit === 'days') return addDays(startsAt, length.value)
  const months = length === null ? 1 : length.value * (length.unit === 'years' ? 12 : 1)
  const end = addMonths(startsAt, months)
  const lastDay = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate()
  end.setUTCDate(Math.min(anchorDay, lastDay))
  return end
}

/** When what runs is renewed, stopped and deleted: of the account's class, in days. */
export interface TermSettings {
  /** An order is made this long before the end. */
  readonly autoRenewDays: number
  /** One may renew by hand this long before the end; -1: always, 0: never. */
  readonly manualRenewDays: number
  readonly graceDays: number
  readonly deletionDays: number
}

export type Step =
  | { readonly kind: 'wait'; readonly until: Date | null }
  | { readonly kind: 'renew' }
  | { readonly kind: 'grace' }
  | { readonly kind: 'stop'; readonly reason: 'expired' | 'cancelled' }
  | { readonly kind: 'delete' }

type Life = Pick<
  Subscription,
  'status' | 'trial' | 'autoRenew' | 'endsWithPeriod' | 'periodEndsAt' | 'stoppedAt' | 'stopReason'
>

/**
 * What time asks of a subscription now, or when it will (docs/adr/0010-terms.md). One step at a time: what it leads to is
 * asked for again.
 *
 * @param mayRenew Whether a renewal could be ordered now: none is yet, and nothing stands against it.
 */
export function nextStep(life: Life, settings: TermSettings, mayRenew: boolean, now: Date): Step {
  const { status, trial, autoRenew, endsWithPeriod, periodEndsAt, stoppedAt, stopReason } = life
  const renews = mayRenew && autoRenew && !endsWithPeriod && !trial
  if (status === 'active' && periodEndsAt) {
    const renewAt = addDays(periodEndsAt, -settings.autoRenewDays)
    if (now < periodEndsAt) return renews ? (now < renewAt ? wait(renewAt) : { kind: 'renew' }) : wait(periodEndsAt)
    if (endsWithPeriod) return { kind: 'stop', reason: 'cancelled' }
    return trial ? { kind: 'stop', reason: 'expired' } : { kind: 'grace' }
  }
  if (status === 'graced' && periodEndsAt) {
    const stopAt = addDays(periodEndsAt, settings.graceDays)
    if (endsWithPeriod) return { kind: 'stop', reason: 'cancelled' }
    if (now >= stopAt) return { kind: 'stop', reason: 'expired' }
    return renews ? { kind: 'renew' } : wait(stopAt)
  }
  if (status === 'stopped' && stoppedAt && (stopReason === 'expired' || stopReason === 'cancelled')) {
    const deleteAt = addDays(stoppedAt, settings.deletionDays)
    return now >= deleteAt ? { kind: 'delete' } : wait(deleteAt)
  }
  return wait(null)
}

const wait = (until: Date | null): Step => ({ kind: 'wait', until })

/** Why a subscription cannot be renewed by hand now; undefined where it can. */
export function renewalHindranceOf(
  { status, periodEndsAt, stopReason }: Pick<Subscription, 'status' | 'periodEndsAt' | 'stopReason'>,
  { manualRenewDays }: Pick<TermSettings, 'manualRenewDays'>,
  now: Date,
): string | undefined {
  if (status === 'stopped')
    return stopReason === 'administrative'
      ? 'Your provider has stopped this subscription. Ask why.'
      : stopReason === 'credit_hold'
        ? 'It starts again by itself once your balance covers it. Top it up.'
        : stopReason === 'unpaid'
          ? 'It starts again by itself once its invoice is paid.'
          : undefined
  if (status !== 'active' && status !== 'graced')
    return UNDER_WAY[status] ?? 'Something about this subscription failed. Your provider sees it and can try again.'
  if (periodEndsAt === null) return 'This subscription is paid by use, so there is nothing to renew.'
  if (manualRenewDays === 0) return 'This subscription is renewed by itself only.'
  const daysLeft = Math.ceil((periodEndsAt.getTime() - now.getTime()) / DAY_MS)
  if (manualRenewDays === -1 || daysLeft <= manualRenewDays) return undefined
  return `This subscription can be renewed from ${manualRenewDays} days before its end on.`
}
