import type { ColumnType, Generated } from 'kysely'
import { z } from 'zod'
import type { SellerId, TenantId } from '../kernel/ids.ts'

/** What is counted: `storage` (bytes), `workstations`, `servers`, `vms`, `mobiles`, or what a provider defines. */
export const UsageName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'Must be 1 to 64 of the characters a-z 0-9 _')
  .meta({ examples: ['storage'] })

/** `delta` changes what is used, `value` says what is used at that time; the latest value counts, with the deltas after it. */
export type UsageChange = { readonly delta: bigint } | { readonly value: bigint }

/** One report, as it came: bytes for storage, counts for the rest. */
export interface UsageReport {
  readonly source: string
  /** Unique for its source: the same one again changes nothing. */
  readonly eventId: string
  readonly tenantId: TenantId
  readonly usageName: string
  readonly at: Date
  readonly change: UsageChange
}

/** Whose usage a report changes: the tenant's, and that of those above it up to the customer. */
export interface UsageSubject {
  readonly tenantId: TenantId
  readonly sellerId: SellerId
  readonly above: readonly TenantId[]
}

/** A usage that changed, or may have. */
export interface UsageKey {
  readonly tenantId: TenantId
  readonly usageName: string
}

/** What a tenant's own usage rests on. */
export interface OwnUsage {
  readonly own: bigint
  readonly valueAt: Date | null
  readonly hasDeltas: boolean
}

export interface DailyUsage {
  /** `2026-03-01`, UTC. */
  readonly day: string
  readonly value: bigint
}

declare module '../platform/db.ts' {
  interface Database {
    usages: {
      seller_id: SellerId
      tenant_id: TenantId
      usage_name: string
      own: bigint
      total: bigint
      value: ColumnType<bigint, never, never>
      value_at: Date | null
      has_deltas: Generated<boolean>
      updated_at: Date | null
    }
    usage_samples: {
      seller_id: SellerId
      tenant_id: TenantId
      usage_name: string
      day: string
      value: bigint
      sampled_at: Date
    }
    usage_events: {
      seller_id: SellerId
      tenant_id: TenantId
      usage_name: string
      occurred_at: Date
      key: string
      delta: bigint | null
      value: bigint | null
      source: string
      event_id: string
      received_at: Date
    }
    usage_event_keys: { seller_id: SellerId; key: string; received_at: Date }
    usage_types: {
      tenant_id: TenantId
      usage_name: string
      title: string
      measurement_unit: 'bytes' | 'quantity'
      version: Generated<bigint>
      created_at: Date
      updated_at: Date
    }
  }
}
