import type { Generated } from 'kysely'
import { z } from 'zod'
import type { SellerId, TenantId, UserId } from '../kernel/ids.ts'
import { Amount, Instant, Uuid, Version } from '../platform/http/schemas.ts'

export type AccountClassId = string
export type ManagerId = string

/** How a seller treats its accounts. Amounts are minor units of the seller's currency. */
export interface AccountClass {
  readonly id: AccountClassId
  readonly name: string
  readonly paymentModel: 'prepay' | 'postpay'
  readonly holdThresholdMinor: bigint
  readonly subzeroPeriodDays: number
  /** Whether a credit hold stops what is paid by use by itself, or a person decides (facts A3.7). */
  readonly stopType: 'automatic' | 'manual'
  readonly cancelUnpaidAfterDays: number
  /** An order for the next period is made this long before the end. */
  readonly autoRenewDays: number
  /** One may renew by hand this long before the end; -1: always, 0: never. */
  readonly manualRenewDays: number
  readonly graceDays: number
  /** From the stop on. */
  readonly deletionDays: number
  /** Of the month, 1 to 28: on it a period of pay as you go begins, and the one before is closed. */
  readonly billingDay: number
}

export type Registration = 'quick' | 'full'
export type AccountStatus = 'active' | 'credit_hold' | 'administrative_hold' | 'deleted'
export type CustomerType = 'business' | 'person'

/** A payer account: what a tenant of kind `customer` is in commerce. `id`, `number`, `name` and `path` are the tenant's. */
export interface Account {
  readonly sellerId: SellerId
  readonly id: TenantId
  readonly number: bigint
  readonly name: string
  readonly path: string
  readonly accountClassId: AccountClassId
  readonly registration: Registration
  readonly status: AccountStatus
  readonly customerType: CustomerType
  readonly companyName: string
  readonly vatId: string
  /** ISO 3166-1 alpha-2; null until the full registration. */
  readonly country: string | null
  readonly region: string
  readonly city: string
  readonly street: string
  readonly zip: string
  readonly phone: string
  readonly currency: string
  readonly managerId: ManagerId | null
  readonly selfRegistered: boolean
  /** Why it is on administrative hold; '' while it is not. */
  readonly holdReason: string
  readonly version: bigint
  readonly createdAt: Date
}

const text = (most: number) => z.string().trim().max(most)

/** Contact data of the full registration; which are required is decided by `rules.ts`, all problems at once. */
export const AccountDetails = z.object({
  customerType: z.enum(['business', 'person']),
  companyName: text(200).optional(),
  vatId: text(50).optional(),
  country: text(2).toUpperCase(),
  region: text(100).optional(),
  city: text(100),
  street: text(200),
  zip: text(20),
  phone: text(40).optional(),
})
export type AccountDetails = z.output<typeof AccountDetails>

export const AccountView = z.object({
  id: Uuid,
  number: z.string(),
  name: z.string(),
  registration: z.enum(['quick', 'full']),
  status: z.enum(['active', 'credit_hold', 'administrative_hold', 'deleted']),
  holdReason: z.string().meta({ description: 'Why it is on administrative hold; empty while it is not' }),
  customerType: z.enum(['business', 'person']),
  companyName: z.string(),
  vatId: z.string(),
  country: z.string().nullable(),
  region: z.string(),
  city: z.string(),
  street: z.string(),
  zip: z.string(),
  phone: z.string(),
  currency: z.string(),
  manager: z.object({ id: Uuid, name: z.string() }).nullable(),
  balance: Amount,
  createdAt: Instant,
  version: Version,
})
export type AccountView = z.output<typeof AccountView>

declare module '../platform/db.ts' {
  interface Database {
    account_classes: {
      seller_id: SellerId
      id: AccountClassId
      name: string
      is_default: Generated<boolean>
      payment_model: Generated<'prepay' | 'postpay'>
      hold_threshold_minor: Generated<bigint>
      subzero_period_days: Generated<number>
      stop_type: Generated<'automatic' | 'manual'>
      cancel_unpaid_after_days: Generated<number>
      auto_renew_days: Generated<number>
      manual_renew_days: Generated<number>
      grace_days: Generated<number>
      deletion_days: Generated<number>
      billing_day: Generated<number>
    }
    accounts: {
      seller_id: SellerId
      tenant_id: TenantId
      account_class_id: AccountClassId
      registration: Registration
      status: Generated<AccountStatus>
      customer_type: Generated<CustomerType>
      company_name: Generated<string>
      vat_id: Generated<string>
      country: string | null
      region: Generated<string>
      city: Generated<string>
      street: Generated<string>
      zip: Generated<string>
      phone: Generated<string>
      currency: string
      manager_id: ManagerId | null
      self_registered: Generated<boolean>
      hold_reason: Generated<string>
      version: Generated<bigint>
      created_at: Date
      updated_at: Date
    }
    acceptances: {
      seller_id: SellerId
      id: string
      account_id: TenantId
      user_id: UserId
      document: 'terms' | 'privacy'
      url: string
      accepted_at: Date
    }
  }
}
