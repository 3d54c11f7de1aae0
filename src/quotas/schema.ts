import type { Generated } from 'kysely'
import type { CorrelationId, Id, SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'

/** Bytes run full by and by; of the rest there is one more or not. */
export type MeasurementUnit = 'bytes' | 'quantity'

/** `reached`: past the soft value; `exceeded`: past the hard limit. To a link both are exceeded. */
export type AlertState = 'almost_reached' | 'reached' | 'exceeded'
export type QuotaState = 'fine' | AlertState

/** What is compared with what is used. Bytes for storage, counts for the rest. */
export interface QuotaLimits {
  /** Base plus grants; null: unlimited. */
  readonly value: bigint | null
  /** Null: soft, nothing is ever refused. Else the hard limit is `value + overage`. */
  readonly overage: bigint | null
}

/** A tenant's quota of one usage: a base set by hand plus what live subscriptions grant, kept apart. */
export interface Quota extends QuotaLimits {
  readonly tenantId: TenantId
  readonly usageName: string
  readonly measurementUnit: MeasurementUnit
  /** Null: unlimited, whatever is granted. May be negative, where less was wanted than is granted. */
  readonly base: bigint | null
  readonly granted: bigint
  /** Null: never reported. */
  readonly used: bigint | null
  readonly state: QuotaState
  /** Raised by every change, of grants too: milliseconds of the change. */
  readonly version: bigint
}

export type AlertId = Id<'alert'>

declare module '../platform/db.ts' {
  interface Database {
    quotas: {
      seller_id: SellerId
      tenant_id: TenantId
      usage_name: string
      base: bigint | null
      overage: bigint | null
      version: Generated<bigint>
      updated_at: Date
    }
    quota_grants: {
      seller_id: SellerId
      subscription_id: SubscriptionId
      usage_name: string
      tenant_id: TenantId
      units: bigint
      granted_at: Date
      revision: bigint
    }
    alerts: {
      seller_id: SellerId
      id: AlertId
      tenant_id: TenantId
      usage_name: string
      state: AlertState
      correlation_id: CorrelationId
      opened_at: Date
      changed_at: Date
      cleared_at: Date | null
    }
  }
}
