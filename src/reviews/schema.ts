import { z } from 'zod'
import type { OrderId, SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'

/** What is asked: whether a doubtful trial, or what a credit hold would stop, may go on. */
export const ReviewKind = z.enum(['trial', 'credit_hold'])
export type ReviewKind = z.infer<typeof ReviewKind>

/** `withdrawn`: the hold was over before anybody decided. */
export const ReviewStatus = z.enum(['open', 'approved', 'refused', 'withdrawn'])
export type ReviewStatus = z.infer<typeof ReviewStatus>

/** Why it is looked at. */
export const ReviewReason = z.object({
  code: z.enum(['disposable_address', 'repeated_payer', 'credit_hold']),
  detail: z.string().meta({ description: 'The domain of the address, the other account, or what may be spent' }),
})
export type ReviewReason = z.infer<typeof ReviewReason>

declare module '../platform/db.ts' {
  interface Database {
    trial_reviews: {
      seller_id: SellerId
      id: string
      kind: ReviewKind
      order_id: OrderId | null
      account_id: TenantId
      subscription_id: SubscriptionId
      reasons: string
      status: ReviewStatus
      decided_by: string | null
      decided_reason: string
      decided_at: Date | null
      ended_at: Date | null
      created_at: Date
    }
  }
}
