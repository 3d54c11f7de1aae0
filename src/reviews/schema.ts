import { z } from 'zod'
import type { OrderId, SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'

export const ReviewStatus = z.enum(['open', 'approved', 'refused'])
export type ReviewStatus = z.infer<typeof ReviewStatus>

/** Why a trial is looked at. */
export const ReviewReason = z.object({
  code: z.enum(['disposable_address', 'repeated_payer']),
  detail: z.string().meta({ description: 'The domain of the address, or the other account' }),
})
export type ReviewReason = z.infer<typeof ReviewReason>

declare module '../platform/db.ts' {
  interface Database {
    trial_reviews: {
      seller_id: SellerId
      id: string
      order_id: OrderId
      account_id: TenantId
      subscription_id: SubscriptionId
      reasons: string
      status: ReviewStatus
      decided_by: string | null
      decided_reason: string
      decided_at: Date | null
      created_at: Date
    }
  }
}
