import type { Generated } from 'kysely'
import { z } from 'zod'
import type { ManagerId } from '../accounts/schema.ts'
import type { OrderId, SellerId, TenantId, UserId } from '../kernel/ids.ts'

/** As a link may carry it; case-sensitive. */
export const ManagerKey = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/)

export const ManagerRole = z.enum(['sales', 'marketing', 'owner', 'admin'])
export type ManagerRole = z.infer<typeof ManagerRole>

/** Staff who sell, or a referral partner: someone customers are credited to. */
export interface Manager {
  readonly id: ManagerId
  readonly sellerId: SellerId
  readonly sellerPath: string
  readonly userId: UserId | null
  readonly name: string
  readonly email: string
  readonly key: string | null
  readonly role: ManagerRole
  readonly active: boolean
  /** A referral partner: no access to the panel, no notifications. */
  readonly isPartner: boolean
}

export type LinkReason = 'registration' | 'order' | 'relinked'

declare module '../platform/db.ts' {
  interface Database {
    managers: {
      id: ManagerId
      seller_id: SellerId
      user_id: UserId | null
      name: string
      email: Generated<string>
      key: string | null
      role: ManagerRole
      active: Generated<boolean>
      is_partner: Generated<boolean>
      created_at: Date
      updated_at: Date
    }
    attributions: {
      seller_id: SellerId
      id: string
      account_id: TenantId
      manager_id: ManagerId
      manager_key: string
      reason: LinkReason
      order_id: OrderId | null
      occurred_at: Date
    }
  }
}
