import type { Generated } from 'kysely'
import { z } from 'zod'
import type { ManagerId } from '../accounts/schema.ts'
import type { OrderId, SellerId, TenantId } from '../kernel/ids.ts'
import { Instant, Uuid, Version } from '../platform/http/schemas.ts'

export type ProgramId = string

/** `first`: only the first order of an account that is paid; `all`: each one. */
export const AppliesTo = z.enum(['first', 'all'])
export type AppliesTo = z.infer<typeof AppliesTo>

/** What a reseller gives for customers who are brought: a share of what they pay, tax left out. */
export interface Program {
  readonly id: ProgramId
  readonly sellerId: SellerId
  readonly name: string
  /** Hundredths of a percent: 1000 is 10 %. */
  readonly basisPoints: number
  readonly appliesTo: AppliesTo
  /** Orders placed from then on, and before `validUntil`. */
  readonly validFrom: Date
  readonly validUntil: Date | null
  readonly version: bigint
  readonly createdAt: Date
}

/** A manager's place in a programme; null terms are the programme's. */
export interface Partner {
  readonly managerId: ManagerId
  readonly sellerId: SellerId
  readonly programId: ProgramId
  readonly basisPoints: number | null
  readonly appliesTo: AppliesTo | null
  readonly joinedAt: Date
  /** When the private link to their report was made; null: there is none. */
  readonly reportLinkedAt: Date | null
  readonly version: bigint
}

/** `not_valid`: placed before the partner joined, or outside the programme's time. */
export type RewardOutcome = 'counts' | 'not_first' | 'self_referral' | 'inactive' | 'not_valid'

/** A percentage as people write it: at most two decimals, 0 to 100. */
export const Percent = z.codec(
  z.string().regex(/^(100(\.0{1,2})?|\d{1,2}(\.\d{1,2})?)$/, 'Must be a percentage such as 12.5'),
  z.int().min(0).max(10_000),
  {
    decode: (text) => Math.round(Number(text) * 100),
    encode: (basisPoints) => (basisPoints / 100).toFixed(2).replace(/\.?0+$/, ''),
  },
)

export const ProgramView = z.object({
  id: Uuid,
  name: z.string(),
  percent: Percent,
  appliesTo: AppliesTo,
  validFrom: Instant,
  validUntil: Instant.nullable(),
  sellerId: Uuid,
  partners: z.int(),
  version: Version,
})
export type ProgramView = z.output<typeof ProgramView>

export const PartnerView = z.object({
  id: Uuid.meta({ description: 'The manager’s own' }),
  name: z.string(),
  email: z.string(),
  key: z.string().nullable(),
  active: z.boolean(),
  account: z.object({ id: Uuid, name: z.string() }).nullable(),
  program: z.object({ id: Uuid, name: z.string() }),
  percent: Percent.meta({ description: 'What counts for this partner' }),
  appliesTo: AppliesTo,
  ownPercent: Percent.nullable(),
  ownAppliesTo: AppliesTo.nullable(),
  joinedAt: Instant,
  reportLinkedAt: Instant.nullable(),
  version: Version,
})
export type PartnerView = z.output<typeof PartnerView>

declare module '../platform/db.ts' {
  interface Database {
    referral_programs: {
      id: ProgramId
      seller_id: SellerId
      name: string
      basis_points: number
      applies_to: AppliesTo
      valid_from: Date
      valid_until: Date | null
      version: Generated<bigint>
      created_at: Date
      updated_at: Date
    }
    referral_partners: {
      manager_id: ManagerId
      seller_id: SellerId
      program_id: ProgramId
      basis_points: number | null
      applies_to: AppliesTo | null
      report_token_hash: Buffer | null
      report_linked_at: Date | null
      version: Generated<bigint>
      joined_at: Date
      updated_at: Date
    }
    referral_orders: {
      seller_id: SellerId
      order_id: OrderId
      account_id: TenantId
      manager_id: ManagerId
      program_id: ProgramId
      outcome: RewardOutcome
      basis_points: number
      is_first: boolean
      judged_at: Date
    }
    referral_rewards: {
      seller_id: SellerId
      posting_id: string
      order_id: OrderId
      manager_id: ManagerId
      currency: string
      net_minor: bigint
      reward_minor: bigint
      occurred_at: Date
    }
  }
}
