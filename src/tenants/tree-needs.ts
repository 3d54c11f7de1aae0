import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { z } from 'zod'
import type { Db, Tx } from '../platform/db.ts'
import type { NewTenant } from './create-tenant.ts'
import type { BrandOwners } from './present-tenants.ts'
import type { Tenant } from './schema.ts'

/** Tenants that leave one seller's books for another's. */
export interface SellerChange {
  readonly tenantIds: readonly TenantId[]
  readonly from: SellerId
  readonly to: SellerId
  readonly at: Date
  readonly actor: Principal
  /** `from` becomes a folder, and keeps books no longer. */
  readonly isDissolved?: boolean
}

/** What a change to the tree needs of the capabilities above `tenants`; `application.ts` puts it together. */
export interface TenantServices {
  readonly brandOwnersOf: BrandOwners
  /** Items of a tenant for lists of tenants, and how one looks. */
  readonly listedItems: {
    readonly shape: z.ZodType<object>
    of(db: Db, tenant: Pick<Tenant, 'id' | 'sellerId' | 'createdAt'>): Promise<object[]>
  }
  /** Makes a tenant with what its kind needs in commerce. */
  foundTenant(tx: Tx, clock: Clock, actor: Principal, input: NewTenant): Promise<Tenant>
  /** Gives a tenant that has become a partner what a seller needs. */
  becomeSeller(tx: Tx, clock: Clock, sellerId: SellerId): Promise<void>
  /** @throws {BuylinkError} 1027: one of the tenants has a balance, a live subscription or an open order. */
  assertSettled(tx: Tx, tenantIds: readonly TenantId[]): Promise<void>
  /** @throws {BuylinkError} 1014: a seller at or below `path` sells what only those above its old place can let it sell. */
  assertOffersAt(tx: Tx, path: string, newParentPath: string): Promise<void>
  /** Takes along what is kept by seller. @throws {BuylinkError} 1027 where that cannot be. */
  changeSeller(tx: Tx, change: SellerChange): Promise<void>
}
