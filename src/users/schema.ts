import type { ColumnType, Generated } from 'kysely'
import { z } from 'zod'
import type { SellerId, TenantId, UserId } from '../kernel/ids.ts'
import type { StoredContact, TenantKind } from '../tenants/schema.ts'

/** What someone is at a tenant and below it (spec/api.md "Who may do what"). */
export const RoleId = z.enum([
  'root_admin',
  'partner_admin',
  'sales',
  'finance',
  'readonly_admin',
  'company_admin',
  'company_finance',
  'unit_admin',
  'backup_user',
])
export type RoleId = z.infer<typeof RoleId>

/** As people write it; stored and compared in lower case. */
export const Email = z.string().trim().max(254).toLowerCase().pipe(z.email())

/** Judged by `assertStrongPassword`; the bound keeps a huge one from costing a hash. */
export const Password = z.string().max(256)

export interface User {
  readonly sellerId: SellerId
  readonly id: UserId
  readonly number: bigint
  readonly tenantId: TenantId
  readonly personalTenantId: TenantId | null
  /** Unique in the installation. */
  readonly login: string
  /** Lower case; unique at one seller. */
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly phone: string
  readonly language: string
  readonly emailConfirmedAt: Date | null
  readonly enabled: boolean
  readonly businessTypes: readonly string[]
  readonly notifications: readonly string[]
  readonly version: bigint
  readonly createdAt: Date
}

export type ClientType = 'api_client' | 'managed_client'
export type ClientAuthMethod = 'client_secret_basic' | 'client_secret_post'

/** A program that calls the API for a tenant. Its secret is known to nobody after its creation. */
export interface ApiClient {
  readonly id: string
  readonly tenantId: TenantId
  readonly name: string
  readonly roleId: RoleId
  /** null: all that the role may. */
  readonly scopes: readonly string[] | null
  readonly type: ClientType
  readonly authMethod: ClientAuthMethod
  readonly enabled: boolean
  /** Id of the user or program that made it; '' for the installation itself. */
  readonly createdBy: string
  readonly createdAt: Date
}

/** What makes someone more than a user; it adds the upsell, not a right. */
export const BUSINESS_TYPES = ['buyer'] as const

/** What users can be told of by mail (facts/acronis-upsell.md §7). */
export const NOTIFICATIONS = [
  'maintenance',
  'quota',
  'reports',
  'backup_error',
  'backup_warning',
  'backup_info',
  'backup_daily_report',
  'backup_critical',
  'device_control_warning',
  'certificate_management_error',
  'certificate_management_warning',
  'certificate_management_info',
] as const

/** What only the compatible API speaks of. */
export interface UserDetails {
  readonly externalId: string | null
  readonly idpId: string | null
  /** Disabled by itself at this instant. */
  readonly disableAfter: Date | null
  /** What of the contact has no field of its own, in names of the wire. */
  readonly contact: StoredContact
}

/** A user with all that is known of them, and the kind of their tenant. */
export interface UserProfile extends User, UserDetails {
  readonly updatedAt: Date
  readonly tenantKind: TenantKind
  readonly hasPassword: boolean
}

/** A role that a user holds. */
export interface AccessPolicy {
  readonly id: string
  readonly userId: UserId
  readonly tenantId: TenantId
  readonly roleId: RoleId
  readonly version: bigint
  /** The tenant of whoever gave it; null: it came with the user. */
  readonly issuerId: string | null
  readonly createdAt: Date
  readonly updatedAt: Date | null
}

export type TokenPurpose = 'confirm_registration' | 'reset_password'

/** What must survive until the mailed link is opened, perhaps on another device. */
export interface TokenContext {
  readonly returnTo?: string
  /** What the attribution cookie of the browser that asked says. */
  readonly managerKey?: string
  readonly language?: string
}

declare module '../platform/db.ts' {
  interface Database {
    users: {
      seller_id: SellerId
      id: UserId
      number: bigint
      tenant_id: TenantId
      personal_tenant_id: TenantId | null
      login: string
      email: string
      first_name: Generated<string>
      last_name: Generated<string>
      phone: Generated<string>
      language: Generated<string>
      password_hash: string | null
      email_confirmed_at: Date | null
      enabled: Generated<boolean>
      business_types: Generated<string[]>
      notifications: Generated<string[]>
      external_id: string | null
      idp_id: string | null
      disable_after: Date | null
      contact: ColumnType<StoredContact, string | undefined, string>
      version: Generated<bigint>
      created_at: Date
      updated_at: Date
    }
    access_policies: {
      seller_id: SellerId
      id: string
      user_id: UserId
      tenant_id: TenantId
      role_id: RoleId
      version: Generated<bigint>
      issuer_id: string | null
      created_at: Date
      updated_at: Date | null
    }
    second_factors: {
      seller_id: SellerId
      user_id: UserId
      secret: Buffer
      confirmed_at: Generated<Date | null>
      last_step: Generated<bigint>
      failures: Generated<number>
      blocked_until: Generated<Date | null>
      created_at: Date
    }
    recovery_codes: { seller_id: SellerId; user_id: UserId; code_hash: Buffer; used_at: Generated<Date | null> }
    logins: { login: string; email: string; seller_id: SellerId; user_id: UserId }
    api_clients: {
      id: string
      tenant_id: TenantId
      name: string
      secret_hash: Buffer
      role_id: RoleId
      /** null: all that the role may. */
      scopes: string[] | null
      type: Generated<ClientType>
      auth_method: Generated<ClientAuthMethod>
      enabled: Generated<boolean>
      created_by: Generated<string>
      created_at: Date
    }
    email_tokens: {
      seller_id: SellerId
      token_hash: Buffer
      purpose: TokenPurpose
      email: string
      user_id: UserId | null
      context: TokenContext
      created_at: Date
      expires_at: Date
      used_at: Date | null
    }
  }
}
