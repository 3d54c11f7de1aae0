import type { SellerId, TenantId, UserId } from '../kernel/ids.ts'

declare module '../platform/db.ts' {
  interface Database {
    quota_mails: {
      seller_id: SellerId
      user_id: UserId
      tenant_id: TenantId
      usage_name: string
      alert_id: string
      sent_at: Date
    }
    upsell_shown: { seller_id: SellerId; day: string; alert_id: string; place: string }
    console_origins: { tenant_id: TenantId; origin: string; created_at: Date }
  }
}
