import { z } from 'zod'
import type { GrantedDiscount } from '../discounts/schema.ts'
import type { SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'

/** Facts A3.10: stable, transitional and failed states. No operation during a transitional one. */
export const SubscriptionStatus = z.enum([
  'ordered',
  'installing',
  'activating',
  'active',
  'graced',
  'updating',
  'renewing',
  'stopping',
  'stopped',
  'deleting',
  'deleted',
  'installation_failed',
  'activation_failed',
  'updating_failed',
  'renewing_failed',
  'stopping_failed',
  'deletion_failed',
  'cancelled',
])
export type SubscriptionStatus = z.infer<typeof SubscriptionStatus>

/** Why a subscription does not run. Only the first two end in its deletion; the last two end by themselves. */
export type StopReason = 'expired' | 'cancelled' | 'administrative' | 'credit_hold' | 'unpaid'

export interface Subscription {
  readonly sellerId: SellerId
  readonly id: SubscriptionId
  readonly number: bigint
  readonly accountId: TenantId
  readonly tenantId: TenantId
  readonly planId: string
  readonly planPeriodId: string
  readonly name: string
  readonly status: SubscriptionStatus
  readonly paymentModel: 'prepay' | 'postpay'
  readonly trial: boolean
  /** Name of the connector that provisions it. */
  readonly connector: string
  readonly currency: string
  /** Net a month, as it was agreed last. */
  readonly recurringMinor: bigint
  /** The period that is paid for; null before activation, and where use is what is paid for. */
  readonly periodStartsAt: Date | null
  readonly periodEndsAt: Date | null
  /** The day of the month that its periods begin on, where the month has it. */
  readonly anchorDay: number | null
  readonly autoRenew: boolean
  /** It was cancelled, and runs until the end of what is paid for. */
  readonly endsWithPeriod: boolean
  readonly stoppedAt: Date | null
  readonly stopReason: StopReason | null
  /** What it was before it was stopped last: it is that again once it runs. */
  readonly previousStatus: SubscriptionStatus | null
  /** Off the period that runs, and off the next ones that it was granted for. */
  readonly discount: GrantedDiscount | null
  readonly version: bigint
}

/** How much of a plan's resource a subscription has. */
export interface SubscriptionResource {
  readonly id: string
  readonly name: string
  readonly unit: string
  readonly quantity: bigint
  readonly included: bigint
  readonly usageName: string | null
  readonly quotaPerUnit: bigint | null
}

/** Time without service; `endsAt` null: it has not ended. */
export interface Pause {
  readonly startsAt: Date
  readonly endsAt: Date | null
}

declare module '../platform/db.ts' {
  interface Database {
    subscriptions: {
      seller_id: SellerId
      id: SubscriptionId
      number: bigint
      account_id: TenantId
      tenant_id: TenantId
      plan_id: bigint
      plan_period_id: bigint
      name: string
      status: SubscriptionStatus
      previous_status: SubscriptionStatus | null
      payment_model: 'prepay' | 'postpay'
      billing_type: string
      trial: boolean
      exclusive: boolean
      connector: string
      currency: string
      recurring_minor: bigint
      activated_at: Date | null
      expires_at: Date | null
      period_starts_at: Date | null
      period_ends_at: Date | null
      anchor_day: number | null
      auto_renew: boolean
      ends_with_period: boolean
      stopped_at: Date | null
      stop_reason: StopReason | null
      due_at: Date | null
      discount: string | null
      version: bigint
      created_at: Date
      updated_at: Date
    }
    subscription_pauses: {
      seller_id: SellerId
      subscription_id: SubscriptionId
      starts_at: Date
      ends_at: Date | null
    }
    subscription_resources: {
      seller_id: SellerId
      subscription_id: SubscriptionId
      resource_id: bigint
      name: string
      unit: string
      quantity: bigint
      included: bigint
      usage_name: string | null
      quota_per_unit: bigint | null
    }
  }
}
