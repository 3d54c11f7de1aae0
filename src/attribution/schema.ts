import type { Generated } from 'kysely'
import { z } from 'zod'
import type { ManagerId } from '../accounts/schema.ts'
import type { OrderId, SellerId, TenantId, UserId } from '../kernel/ids.ts'
import type { ActorLabel } from '../platform/actor.ts'
import { Instant, Uuid, Version } from '../platform/http/schemas.ts'

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
  readonly supervisorId: ManagerId | null
  /** The account they buy with themselves: what it buys is never credited to them. */
  readonly accountId: TenantId | null
  readonly name: string
  readonly email: string
  readonly phone: string
  /** null: cannot be linked by links. */
  readonly key: string | null
  readonly role: ManagerRole
  readonly active: boolean
  /** A referral partner: no access to the panel, no notifications. */
  readonly isPartner: boolean
  readonly version: bigint
  readonly createdAt: Date
  readonly deletedAt: Date | null
}

/** A manager as the API shows one. */
export const ManagerView = z.object({
  id: Uuid,
  name: z.string(),
  email: z.string(),
  phone: z.string(),
  key: z.string().nullable().meta({ description: 'Case-sensitive; goes into links as `manager_key`' }),
  role: ManagerRole.meta({ description: '`sales` alone is credited with customers' }),
  active: z.boolean(),
  isPartner: z.boolean().meta({ description: 'A referral partner: no access to the panel, no notifications' }),
  sellerId: Uuid,
  user: z.object({ id: Uuid, email: z.string() }).nullable().meta({ description: 'Who signs in as this manager' }),
  supervisor: z.object({ id: Uuid, name: z.string() }).nullable(),
  account: z
    .object({ id: Uuid, name: z.string() })
    .nullable()
    .meta({ description: 'The account they buy with themselves; it earns them nothing' }),
  createdAt: Instant,
  version: Version,
})
export type ManagerView = z.output<typeof ManagerView>

export type LinkReason = 'registration' | 'order' | 'relinked'

/** Why a touch links nobody; `no_manager`: nobody has the key, or has it no more. */
export type Refusal = 'no_manager' | 'inactive' | 'not_sales' | 'other_seller' | 'already_linked' | 'self_referral'

export type Outcome = 'linked' | 'unlinked' | 'refused'

/** A touch, or a person's decision, and what came of it: one line of the ledger. */
export interface Attribution {
  readonly sellerId: SellerId
  readonly id: string
  readonly accountId: TenantId
  /** Who has the key; null where nobody has, or nobody is credited any more. */
  readonly managerId: ManagerId | null
  readonly managerKey: string | null
  readonly reason: LinkReason
  readonly orderId: OrderId | null
  readonly outcome: Outcome
  readonly refusal: Refusal | null
  readonly channel: 'store_page' | 'buy_link' | 'token' | 'cookie' | 'staff'
  /** The visit that left the key; null: unknown. */
  readonly touchedAt: Date | null
  readonly actor: ActorLabel
  /** A person's reason. */
  readonly note: string
  readonly at: Date
}

declare module '../platform/db.ts' {
  interface Database {
    managers: {
      id: ManagerId
      seller_id: SellerId
      user_id: UserId | null
      supervisor_id: ManagerId | null
      account_id: TenantId | null
      name: string
      email: Generated<string>
      phone: Generated<string>
      key: string | null
      role: ManagerRole
      active: Generated<boolean>
      is_partner: Generated<boolean>
      version: Generated<bigint>
      created_at: Date
      updated_at: Date
      deleted_at: Date | null
    }
    manager_keys: { key: string; manager_id: ManagerId; given_at: Date }
    attributions: {
      seller_id: SellerId
      id: string
      account_id: TenantId
      manager_id: ManagerId | null
      manager_key: string | null
      reason: LinkReason
      order_id: OrderId | null
      occurred_at: Date
      outcome: Generated<Outcome>
      refusal: Refusal | null
      channel: Attribution['channel'] | null
      touched_at: Date | null
      actor: { kind: string; id: string | null } | null
      note: Generated<string>
    }
    manager_visits: {
      seller_id: SellerId
      day: Date
      store_id: string
      manager_id: ManagerId
      manager_key: string
      visits: bigint
    }
  }
}
