import type { ColumnType, Generated } from 'kysely'
import { z } from 'zod'
import type { SellerId, TenantId } from '../kernel/ids.ts'

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
    }
  }
}
