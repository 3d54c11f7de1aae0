import type { SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'

/** A tenant's quota of one usage: a base set by hand plus what live subscriptions grant, kept apart. */
export interface Quota {
  readonly usageName: string
  /** Base plus grants; null: unlimited. Bytes for storage, counts for the rest. */
  readonly value: bigint | null
  readonly granted: bigint
  readonly used: bigint | null
}

declare module '../platform/db.ts' {
  interface Database {
    quotas: {
      seller_id: SellerId
      tenant_id: TenantId
      usage_name: string
      base: bigint | null
      overage: bigint | null
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
  }
}
