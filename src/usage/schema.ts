import type { SellerId, TenantId } from '../kernel/ids.ts'

declare module '../platform/db.ts' {
  interface Database {
    usages: { seller_id: SellerId; tenant_id: TenantId; usage_name: string; value: bigint; updated_at: Date }
    usage_samples: { seller_id: SellerId; tenant_id: TenantId; usage_name: string; day: string; value: bigint }
  }
}
