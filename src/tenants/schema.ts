import type { ColumnType, Generated } from 'kysely'
import { z } from 'zod'
import type { SellerId, TenantId, UserId } from '../kernel/ids.ts'

export const TenantKind = z.enum(['root', 'partner', 'folder', 'customer', 'unit'])
export type TenantKind = z.infer<typeof TenantKind>

/** A node of the tree that carries everything: resellers, payer accounts, folders, departments. */
export interface Tenant {
  readonly id: TenantId
  /** The "API v1 id" of upsell links; unique in the installation. */
  readonly number: bigint
  readonly parentId: TenantId | null
  /** Nearest partner-or-root ancestor-or-self: who keeps its books. */
  readonly sellerId: SellerId
  readonly kind: TenantKind
  readonly name: string
  /** Numbers from the root down to itself, as ltree text: `1.1001.1007`. */
  readonly path: string
  /** Path of the nearest ancestor-or-self that shuts out those above it, else the root's. */
  readonly accessPath: string
  readonly ancestralAccess: boolean
  readonly enabled: boolean
  readonly language: string
  /** ISO 4217; null: as above it. */
  readonly currency: string | null
  /** Raised by one with each write, of the tenant or of its brand. */
  readonly version: bigint
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** What the compatible API calls how a tenant is billed: a new customer is in `trial`. */
export const PricingMode = z.enum(['trial', 'production', 'suspended'])
export type PricingMode = z.infer<typeof PricingMode>

export const CustomerType = z.enum(['default', 'enterprise', 'consumer', 'small_office', 'ti_unified'])
export type CustomerType = z.infer<typeof CustomerType>

/** A contact in names of the wire, which are also those it is stored with (facts/acronis-upsell.md §4.2). */
export interface StoredContact {
  readonly id?: string
  readonly types?: readonly string[]
  readonly [field: string]: unknown
}

/** What only the compatible API speaks of. */
export interface TenantDetails {
  readonly customerType: CustomerType
  readonly customerId: string | null
  readonly internalTag: string | null
  readonly contact: StoredContact
  readonly billingContact: StoredContact | null
  /** Only people of this tenant may change it; null: whoever sees it and may. */
  readonly updateLockedBy: TenantId | null
  readonly pricingMode: PricingMode
  readonly pricingCurrency: string | null
  readonly pricingVersion: bigint
  /** In a trial when it ends; later when it did. */
  readonly productionStartAt: Date | null
  /** The user whose personal tenant it is. */
  readonly ownerId: UserId | null
  readonly defaultIdpId: string | null
}

/** A tenant with all that is known of it. */
export interface TenantProfile extends Tenant, TenantDetails {
  readonly deletedAt: Date | null
  readonly hasChildren: boolean
}

type Version = ColumnType<bigint, bigint | number | undefined, bigint | number>

declare module '../platform/db.ts' {
  interface Database {
    tenants: {
      id: TenantId
      number: bigint
      parent_id: TenantId | null
      seller_id: SellerId
      kind: TenantKind
      name: string
      path: string
      access_path: string
      ancestral_access: Generated<boolean>
      enabled: Generated<boolean>
      language: Generated<string>
      currency: string | null
      version: Version
      created_at: Date
      updated_at: Date
      deleted_at: Date | null
      customer_type: Generated<CustomerType>
      customer_id: string | null
      internal_tag: string | null
      contact: ColumnType<StoredContact, string | undefined, string>
      billing_contact: ColumnType<StoredContact | null, string | null | undefined, string | null>
      update_locked_by: TenantId | null
      pricing_mode: Generated<PricingMode>
      pricing_currency: string | null
      pricing_version: Version
      production_start_at: Date | null
      owner_id: UserId | null
      default_idp_id: string | null
    }
  }
}
